import type { PrivacyRules } from "./rules.ts";

/** Where the rules of projects come from. */
export type Privacy = {
  /** From memory; null if everything is stored as it was sent. Throws `unavailable` until the rules are read. */
  rulesOf(projectId: string): PrivacyRules | null;
};
