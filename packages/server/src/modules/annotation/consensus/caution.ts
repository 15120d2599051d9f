import type { ConsensusMethod } from "@treadle/contract";

type Basis = {
  readonly method: ConsensusMethod;
  readonly raters: number;
  /** Of each item that no reviewer settled. */
  readonly votes: readonly number[];
};

/** With fewer, what a person mistakes for what is told by a handful of items. */
const LEAST_ITEMS = 30;
/** Two people who differ say nothing of which of them is wrong. */
const LEAST_VOTES = 3;

/**
 * Why a confidence is not one: the accuracies of people are estimated from the very answers that they weigh, and with few of
 * these a model that trusts one person fully explains everything. Empty where there is enough.
 */
export function cautionOf({ method, raters, votes }: Basis): string {
  if (votes.length === 0) return "";
  const mean = votes.reduce((sum, one) => sum + one, 0) / votes.length;
  if (method === "majority" || (raters >= LEAST_VOTES && mean >= LEAST_VOTES && votes.length >= LEAST_ITEMS)) return "";
  const found = `${votes.length} items with ${mean.toFixed(1)} answers each of ${raters} people`;
  return `${found} are too few to tell who is right: it sounds surer than it is. From ${LEAST_ITEMS} items with ${LEAST_VOTES} answers each on it can be relied on; until then look at the majority and let a reviewer settle what is disputed.`;
}
