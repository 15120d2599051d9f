import type { OffPolicyInput, OffPolicyResult } from "@treadle/contract";
import {
  doublyRobust,
  inversePropensity,
  type OffPolicyEstimate,
  selfNormalized,
  wilsonOfRate,
} from "@treadle/metrics";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { expectRewards } from "./expected-rewards.ts";
import type { LoggedUnit } from "./logged-store.ts";

/** Fewer effective units give an interval that is too narrow to be true. */
export const LEAST_EFFECTIVE = 30;
const CERTAIN = 1 - 1e-9;
/** A mean weight that is further from 1 says that logged probabilities are wrong, or that weights were clipped. */
const MOST_OFF = 0.2;
/** The same, in standard errors. */
const MOST_ERRORS = 4;

type Terms = Pick<OffPolicyInput, "policy" | "mostWeight" | "alpha" | "metric">;
type Weighed = Pick<
  OffPolicyResult,
  | "units"
  | "calls"
  | "logged"
  | "estimates"
  | "effectiveUnits"
  | "clippedUnits"
  | "meanWeight"
  | "variants"
  | "warnings"
> & { readonly leftOut: Pick<OffPolicyResult["leftOut"], "withoutChoice" | "withoutValue"> };

/** What the units say about a policy. Throws `unprocessable` if they say too little. */
export function weighUnits(units: readonly LoggedUnit[], terms: Terms): Weighed {
  const { policy } = terms;
  const comparable = units.filter(hasChoice(units, policy));
  if (comparable.length === 0) throw noChoice(policy);
  const rewards = comparable
    .filter(({ valued }) => valued > 0)
    .map((unit) => ({ ...unit, reward: unit.total / unit.valued }));
  const estimated = estimate(rewards, terms);
  const { isMeanOff, ...weights } = weightsOf(rewards, terms);
  return {
    units: rewards.length,
    calls: sum(rewards, ({ valued }) => valued),
    ...estimated,
    ...weights,
    variants: describeVariants(rewards, policy),
    leftOut: {
      withoutChoice: sum(units, ({ calls }) => calls) - sum(comparable, ({ calls }) => calls),
      withoutValue: sum(comparable, ({ calls, valued }) => calls - valued),
    },
    warnings: warningsOf({ ...weights, isMeanOff, hasSpread: hasSpread(rewards, policy) }),
  };
}

/** The three estimates, next to the mean of the logged units, for which each weight is 1. */
function estimate(
  rewards: readonly Reward[],
  { policy, mostWeight, alpha, metric }: Terms,
): Pick<Weighed, "logged" | "estimates" | "effectiveUnits"> {
  const expected = expectRewards(rewards, policy);
  const calls = rewards.map(({ variant, propensity, reward }, at) => {
    const call = { reward, propensity, target: policy[variant] ?? 0 };
    return expected[at] ? { ...call, expected: expected[at] } : call;
  });
  const options = { mostWeight, alpha };
  const ips = inversePropensity(calls, options);
  const snips = selfNormalized(calls, options);
  const robust = doublyRobust(calls, options);
  const asLogged = calls.map((call) => ({ ...call, target: call.propensity }));
  const plain = inversePropensity(asLogged, { alpha });
  if (!plain || !ips || !snips || !robust || ips.effectiveCalls < LEAST_EFFECTIVE)
    throw tooFew({ units: rewards.length, effective: ips?.effectiveCalls ?? 0 });
  const found = [["doubly-robust", robust] as const, ["self-normalized", snips] as const, ["ips", ips] as const];
  const bounded = (estimate: OffPolicyEstimate) => (metric.kind === "error" ? withWilson(estimate, alpha) : estimate);
  return {
    logged: toValue(bounded(plain)),
    estimates: found.map(([method, one]) => ({ method, ...toValue(bounded(one)), standardError: one.standardError })),
    effectiveUnits: ips.effectiveCalls,
  };
}

/** How many weights are clipped, and the mean weight. */
function weightsOf(rewards: readonly Reward[], { policy, mostWeight }: Terms) {
  const raw = rewards.map(({ variant, propensity }) => (policy[variant] ?? 0) / propensity);
  const weights = raw.map((weight) => Math.min(mostWeight, weight));
  const clippedUnits = raw.filter((weight) => weight > mostWeight).length;
  const meanWeight = sum(weights, (weight) => weight) / weights.length;
  return { clippedUnits, meanWeight, isMeanOff: isMeanOff({ weights, meanWeight, clippedUnits }) };
}

type Weights = Pick<Weighed, "meanWeight" | "clippedUnits"> & { readonly weights: readonly number[] };

/** Whether the mean weight is further from 1 than by chance, or so far that the estimates without normalization are useless. */
function isMeanOff({ weights, meanWeight, clippedUnits }: Weights): boolean {
  const error = Math.sqrt(sum(weights, (weight) => (weight - meanWeight) ** 2)) / weights.length;
  const off = Math.abs(meanWeight - 1);
  return off > MOST_OFF || (clippedUnits === 0 && off > MOST_ERRORS * error + 1 - CERTAIN);
}

/** Whether the units that the policy would have had too differ in their rewards. */
const hasSpread = (rewards: readonly Reward[], policy: Terms["policy"]): boolean =>
  new Set(rewards.flatMap(({ variant, reward }) => ((policy[variant] ?? 0) > 0 ? [reward] : []))).size > 1;

const sum = <One>(values: readonly One[], value: (one: One) => number): number =>
  values.reduce((total, one) => total + value(one), 0);

/** A unit is comparable if each variant of the policy could have answered it. */
function hasChoice(units: readonly LoggedUnit[], policy: Terms["policy"]) {
  const wanted = Object.entries(policy).flatMap(([variant, share]) => (share > 0 ? [variant] : []));
  const seen = new Map<string, Set<string>>();
  for (const { choice, variant } of units) seen.set(choice, (seen.get(choice) ?? new Set()).add(variant));
  const isWhole = ([only, ...others]: readonly string[], variant: string) => others.length === 0 && only === variant;
  return ({ choice, variant, propensity }: LoggedUnit): boolean =>
    wanted.every((name) => seen.get(choice)?.has(name)) && (propensity < CERTAIN || isWhole(wanted, variant));
}

const toValue = ({ value, interval: [low, high] }: OffPolicyEstimate): OffPolicyResult["logged"] => ({
  value,
  low,
  high,
});

/** A rate whose interval is at least Wilson's: without an error among few units, the normal interval has no width. */
function withWilson(estimate: OffPolicyEstimate, alpha: number): OffPolicyEstimate {
  const { value, interval, effectiveCalls } = estimate;
  const rate = Math.min(1, Math.max(0, value));
  const [low, high] = wilsonOfRate({ rate, n: effectiveCalls }, alpha);
  return { ...estimate, interval: [Math.max(0, Math.min(interval[0], low)), Math.min(1, Math.max(interval[1], high))] };
}

type Reward = LoggedUnit & { readonly reward: number };

function describeVariants(rewards: readonly Reward[], policy: Terms["policy"]): OffPolicyResult["variants"] {
  const mean = (units: readonly Reward[], value: (unit: Reward) => number) => sum(units, value) / units.length;
  return [...Map.groupBy(rewards, ({ variant }) => variant)]
    .map(([variant, own]) => ({
      variant,
      share: policy[variant] ?? 0,
      units: own.length,
      calls: sum(own, ({ valued }) => valued),
      propensity: mean(own, ({ propensity }) => propensity),
      mean: mean(own, ({ reward }) => reward),
    }))
    .sort((a, b) => b.share - a.share || (a.variant < b.variant ? -1 : 1));
}

type Doubts = Pick<Weighed, "meanWeight" | "clippedUnits"> & {
  readonly isMeanOff: boolean;
  readonly hasSpread: boolean;
};

const warningsOf = ({ meanWeight, clippedUnits, isMeanOff, hasSpread }: Doubts): string[] =>
  [
    !hasSpread && "All units of the policy have the same value, so the uncertainty cannot be measured.",
    isMeanOff &&
      `The mean weight is ${meanWeight.toFixed(2)} and should be close to 1. The logged probabilities do not fit the traffic, or there are too few units.`,
    clippedUnits > 0 &&
      `The weights of ${countOf(clippedUnits, "unit")} were clipped, which adds some bias. Raise \`mostWeight\` to see the difference.`,
  ].filter((warning) => warning !== false);

const noChoice = (policy: Terms["policy"]) =>
  new AppError("unprocessable", {
    message: `There is no logged traffic in which each variant of the policy (${Object.keys(policy).join(", ")}) could have answered. Give each of them a share of the traffic, or name variants that had one.`,
    details: { param: "policy" },
  });

const tooFew = ({ units, effective }: { readonly units: number; readonly effective: number }) =>
  new AppError("unprocessable", {
    message: `The logged traffic says too little about this policy: ${countOf(units, "unit")} with a value are worth ${Math.floor(effective)} of the policy itself, and ${LEAST_EFFECTIVE} are needed. Widen the time range, or give the variants of the policy more traffic.`,
    details: { effectiveUnits: effective },
  });
