import type { Scenario } from "./scenario.ts";

export type Turn = { readonly role: "user" | "assistant"; readonly content: string };

/** One way to get at a secret. */
export type Attack = {
  readonly technique: string;
  /** What only an answer that gave in says, beside the secret itself. */
  readonly givesIn?: readonly string[];
  /** What the attacker says: one message, or a conversation that ends with one. It never holds the secret. */
  readonly say: (scenario: Scenario) => string | readonly Turn[];
};
export type AttackCategory = { readonly category: string; readonly attacks: readonly Attack[] };
