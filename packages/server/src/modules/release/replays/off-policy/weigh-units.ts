import type { OffPolicyInput, OffPolicyMethod, OffPolicyResult } from "@treadle/contract";
import { doublyRobust, inversePropensity, type OffPolicyEstimate, selfNormalized } from "@treadle/metrics";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { expectRewards } from "./expected-rewards.ts";
import type { LoggedUnit } from "./logged-store.ts";

/** Fewer effective units give an interval that is too narrow to be true. */
export const LEAST_EFFECTIVE = 30;
const CERTAIN = 1 - 1e-9;
/** A mean weight that is further from 1 says that logged probabilities are wrong, or that weights were clipped. */
const MOST_OFF = 0.2;

type Terms = Pick<OffPolicyInput, "policy" | "mostWeight" | "alpha">;
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
  const { policy, mostWeight, alpha } = terms;
  const comparable = units.filter(hasChoice(units, policy));
  const valued = comparable.filter(({ valued }) => valued > 0);
  if (comparable.length === 0) throw noChoice(policy);
  const rewards = valued.map((unit) => ({ ...unit, reward: unit.total / unit.valued }));
  const expected = expectRewards(rewards, policy);
  const logged = rewards.map(({ variant, propensity, reward }, at) => ({
    reward,
    propensity,
    target: policy[variant] ?? 0,
    ...(expected[at] && { expected: expected[at] }),
  }));
  const options = { mostWeight, alpha };
  const plain = inversePropensity(
    logged.map((call) => ({ ...call, target: call.propensity })),
    { alpha },
  );
  const ips = inversePropensity(logged, options);
  const snips = selfNormalized(logged, options);
  const robust = doublyRobust(logged, options);
  if (!plain || !ips || !snips || !robust || ips.effectiveCalls < LEAST_EFFECTIVE)
    throw tooFew({ units: valued.length, effective: ips?.effectiveCalls ?? 0 });
  const raw = logged.map(({ target, propensity }) => target / propensity);
  const meanWeight = raw.reduce((sum, weight) => sum + Math.min(mostWeight, weight), 0) / raw.length;
  const clippedUnits = raw.filter((weight) => weight > mostWeight).length;
  return {
    units: valued.length,
    calls: valued.reduce((sum, { valued: calls }) => sum + calls, 0),
    logged: { value: plain.value, low: plain.interval[0], high: plain.interval[1] },
    estimates: [toEstimate("doubly-robust", robust), toEstimate("self-normalized", snips), toEstimate("ips", ips)],
    effectiveUnits: ips.effectiveCalls,
    clippedUnits,
    meanWeight,
    variants: describeVariants(rewards, policy),
    leftOut: {
      withoutChoice: callsOf(units) - callsOf(comparable),
      withoutValue: comparable.reduce((sum, { calls, valued: counted }) => sum + calls - counted, 0),
    },
    warnings: warningsOf({ meanWeight, clippedUnits }),
  };
}

const callsOf = (units: readonly LoggedUnit[]) => units.reduce((sum, { calls }) => sum + calls, 0);

/** A unit is comparable if each variant of the policy could have answered it. */
function hasChoice(units: readonly LoggedUnit[], policy: Terms["policy"]) {
  const wanted = Object.entries(policy).flatMap(([variant, share]) => (share > 0 ? [variant] : []));
  const seen = new Map<string, Set<string>>();
  for (const { choice, variant } of units) seen.set(choice, (seen.get(choice) ?? new Set()).add(variant));
  const isWhole = ([only, ...others]: readonly string[], variant: string) => others.length === 0 && only === variant;
  return ({ choice, variant, propensity }: LoggedUnit): boolean =>
    wanted.every((name) => seen.get(choice)?.has(name)) && (propensity < CERTAIN || isWhole(wanted, variant));
}

const toEstimate = (
  method: OffPolicyMethod,
  { value, interval, standardError }: OffPolicyEstimate,
): OffPolicyResult["estimates"][number] => ({ method, value, low: interval[0], high: interval[1], standardError });

type Reward = LoggedUnit & { readonly reward: number };

function describeVariants(rewards: readonly Reward[], policy: Terms["policy"]): OffPolicyResult["variants"] {
  const mean = (units: readonly Reward[], value: (unit: Reward) => number) =>
    units.reduce((sum, unit) => sum + value(unit), 0) / units.length;
  return [...Map.groupBy(rewards, ({ variant }) => variant)]
    .map(([variant, own]) => ({
      variant,
      share: policy[variant] ?? 0,
      units: own.length,
      calls: own.reduce((sum, { valued }) => sum + valued, 0),
      propensity: mean(own, ({ propensity }) => propensity),
      mean: mean(own, ({ reward }) => reward),
    }))
    .sort((a, b) => b.share - a.share || (a.variant < b.variant ? -1 : 1));
}

const warningsOf = ({ meanWeight, clippedUnits }: Pick<Weighed, "meanWeight" | "clippedUnits">): string[] =>
  [
    Math.abs(meanWeight - 1) > MOST_OFF &&
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
