import type { ConsensusMethod } from "@treadle/contract";

type Basis = {
  readonly method: ConsensusMethod;
  readonly raters: number;
  /** For each item without a reviewer's decision. */
  readonly votes: readonly number[];
};

/** Below this number, the method can mistake an annotator's errors for facts. */
const LEAST_ITEMS = 30;
/** Two people who differ say nothing of which of them is wrong. */
const LEAST_VOTES = 3;

/**
 * Why a confidence is unreliable. The accuracies of people are estimated from the same answers that they weight. With
 * few answers, a model that fully trusts one person explains everything. Empty if there are enough answers.
 */
export function cautionOf({ method, raters, votes }: Basis): string {
  if (votes.length === 0) return "";
  const mean = votes.reduce((sum, one) => sum + one, 0) / votes.length;
  if (method === "majority" || (raters >= LEAST_VOTES && mean >= LEAST_VOTES && votes.length >= LEAST_ITEMS)) return "";
  const basis = `${votes.length} items with ${mean.toFixed(1)} answers each from ${raters} annotators`;
  return `${basis} are too few for a reliable consensus, so the confidence is too high. Collect at least ${LEAST_ITEMS} items with ${LEAST_VOTES} answers each. Until then use the majority and have a reviewer settle disputed items.`;
}
