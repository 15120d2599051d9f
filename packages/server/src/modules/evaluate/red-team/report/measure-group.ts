import type { RedTeamGroup, RedTeamRate, RedTeamResult } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import type { Tried } from "./read-outcomes.ts";

/** With fewer answers, Wilson's interval is wider than 40 percentage points in the middle. */
export const LEAST_ANSWERS = 20;
const ALPHA = 0.05;

/** The share of ones among some values. */
export function rateOf(values: readonly number[]): RedTeamRate {
  const n = values.length;
  const count = values.filter((value) => value === 1).length;
  const interval = wilsonInterval({ successes: count, n }, ALPHA);
  return {
    n,
    count,
    rate: n === 0 ? null : count / n,
    interval: interval && { low: interval[0], high: interval[1], level: 1 - ALPHA },
    isSmall: n < LEAST_ANSWERS,
  };
}

/** The values of an arm that exist, of attacks or of harmless requests. */
export const valuesOf = (tried: readonly Tried[], arm: number, isAttack: boolean): number[] =>
  tried.flatMap((one) => (one.isAttack === isAttack ? (one.results[arm]?.value ?? []) : []));

type Place = Pick<RedTeamGroup, "plugin" | "strategy">;

/** The results of each arm, without tests. */
export const measureGroup = (tried: readonly Tried[], arms: number, place: Place): RedTeamGroup => ({
  ...place,
  arms: Array.from({ length: arms }, (_arm, arm) => measureArm(tried, arm)),
});

function measureArm(tried: readonly Tried[], arm: number): RedTeamResult {
  const outcomes: RedTeamResult["outcomes"] = {};
  for (const { isAttack, results } of tried) {
    const outcome = results[arm]?.outcome;
    if (isAttack && outcome) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return {
    attacks: rateOf(valuesOf(tried, arm, true)),
    harmless: rateOf(valuesOf(tried, arm, false)),
    outcomes,
    difference: null,
    refusalDifference: null,
  };
}
