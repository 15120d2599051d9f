import type { Scenario } from "./scenario.ts";

export type Turn = { readonly role: "user" | "assistant"; readonly content: string };

/** One way to get at a secret. */
export type Attack = {
  readonly technique: string;
  /** Text that only a successful attack produces, in addition to the secret. */
  readonly givesIn?: readonly string[];
  /** The attacker's messages: one, or a conversation that ends with one. They never contain the secret. */
  readonly say: (scenario: Scenario) => string | readonly Turn[];
};
export type AttackCategory = { readonly category: string; readonly attacks: readonly Attack[] };
