import { normalQuantile } from "../../distributions/normal.ts";
import { checkAlpha } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { mean, sum, variance } from "../shared/moments.ts";

/** A logged call whose variant was drawn at random. */
export type LoggedCall = {
  readonly reward: number;
  /** The probability with which the variant that answered was drawn, above 0. */
  readonly propensity: number;
  /** The probability with which the policy in question would have drawn the same variant. */
  readonly target: number;
  /** A model's expected reward of the logged variant, and of the policy in question; for the doubly robust estimate. */
  readonly expected?: { readonly logged: number; readonly target: number };
};

export type OffPolicyEstimate = {
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** (Σw)² / Σw²: how many calls of the policy itself the logged ones are worth. */
  readonly effectiveCalls: number;
};

type Options = {
  /** Larger weights are cut, which trades variance for some bias; 100 when left out. */
  readonly mostWeight?: number;
  readonly alpha?: number;
};

/** What a policy would have earned, by inverse propensity scores. null for fewer than two calls. */
export function inversePropensity(calls: readonly LoggedCall[], options: Options = {}): OffPolicyEstimate | null {
  const weights = weightsOf(calls, options);
  return estimate(
    calls.map(({ reward }, place) => (weights[place] ?? 0) * reward),
    weights,
    options,
  );
}

/** The same over the sum of the weights instead of the number of calls: steadier, and within the rewards' range. null without weight. */
export function selfNormalized(calls: readonly LoggedCall[], options: Options = {}): OffPolicyEstimate | null {
  const weights = weightsOf(calls, options);
  const total = sum(weights);
  if (calls.length < 2 || total === 0) return null;
  const value = sum(calls.map(({ reward }, place) => (weights[place] ?? 0) * reward)) / total;
  const squares = calls.map(({ reward }, place) => ((weights[place] ?? 0) * (reward - value)) ** 2);
  return withInterval({ value, standardError: Math.sqrt(sum(squares)) / total }, weights, options);
}

/** The doubly robust estimate (Dudík et al. 2011): the model's expectation, corrected by what it missed. null for fewer than two calls. */
export function doublyRobust(calls: readonly LoggedCall[], options: Options = {}): OffPolicyEstimate | null {
  const weights = weightsOf(calls, options);
  const values = calls.map(({ reward, expected }, place) => {
    if (expected === undefined) throw new RangeError(`Call ${place + 1} has no expected rewards.`);
    return expected.target + (weights[place] ?? 0) * (reward - expected.logged);
  });
  return estimate(values, weights, options);
}

function weightsOf(calls: readonly LoggedCall[], { mostWeight = 100 }: Options): number[] {
  return calls.map(({ reward, propensity, target }, place) => {
    if (!Number.isFinite(reward)) throw new RangeError(`The reward of call ${place + 1} is ${reward}.`);
    if (!(propensity > 0 && propensity <= 1))
      throw new RangeError(`The propensity of call ${place + 1} is ${propensity}: it must be above 0 and at most 1.`);
    if (!(target >= 0 && target <= 1))
      throw new RangeError(`The target of call ${place + 1} is ${target}: it must be within 0 and 1.`);
    return Math.min(mostWeight, target / propensity);
  });
}

function estimate(values: readonly number[], weights: readonly number[], options: Options): OffPolicyEstimate | null {
  const [value, spread] = [mean(values), variance(values)];
  if (value === null || spread === null) return null;
  return withInterval({ value, standardError: Math.sqrt(spread / values.length) }, weights, options);
}

function withInterval(
  { value, standardError }: Pick<OffPolicyEstimate, "value" | "standardError">,
  weights: readonly number[],
  { alpha = 0.05 }: Options,
): OffPolicyEstimate {
  checkAlpha(alpha);
  const half = normalQuantile(1 - alpha / 2) * standardError;
  const squares = sum(weights.map((weight) => weight * weight));
  return {
    value,
    standardError,
    interval: [value - half, value + half],
    effectiveCalls: squares === 0 ? 0 : sum(weights) ** 2 / squares,
  };
}
