import { logBeta, logBetaCdf } from "../../distributions/beta.ts";
import type { Prior } from "../sequences/beta-binomial.ts";
import { checkCounts } from "../shared/checks.ts";

/** Errors of both arms while the treatment's share did not change. */
export type ErrorsAtShare = {
  /** Of the treatment. */
  readonly treatment: number;
  /** Of both arms. */
  readonly all: number;
  /** The share of units that were assigned to the treatment, between 0 and 1. */
  readonly share: number;
};

/**
 * The natural logarithm of the evidence that the treatment has more than its share of the errors (Lindon, Sanden and
 * Shirikian 2022). If nothing differs, each error is the treatment's with probability `share`, whatever the traffic: no
 * counts of requests and no minimum size are needed, and it holds at every look. Shares that changed in the meantime are
 * one entry each. `isTwoSided` also finds a treatment with fewer errors.
 */
export function errorShareEvidence(
  stages: readonly ErrorsAtShare[],
  { prior = { a: 1, b: 1 }, isTwoSided = false }: { readonly prior?: Prior; readonly isTwoSided?: boolean } = {},
): number {
  return stages.reduce((sum, stage) => sum + evidenceOf(stage, prior, isTwoSided), 0);
}

function evidenceOf({ treatment, all, share }: ErrorsAtShare, { a, b }: Prior, isTwoSided: boolean): number {
  checkCounts(treatment, all);
  if (!(share > 0 && share < 1)) throw new RangeError(`share is ${share}: give one between 0 and 1.`);
  const rest = all - treatment;
  const mixture = logBeta(a + treatment, b + rest) - logBeta(a, b);
  const likelihood = treatment * Math.log(share) + rest * Math.log1p(-share);
  if (isTwoSided) return mixture - likelihood;
  const above = (one: number, other: number) => logBetaCdf(1 - share, other, one);
  return mixture + above(a + treatment, b + rest) - above(a, b) - likelihood;
}
