import type { BurnWindows, MonitorCondition, Severity } from "@treadle/contract";
import { badShareAt, burnRate } from "@treadle/metrics";
import { type Reading, shareInterval } from "./reading.ts";
import type { Verdict } from "./verdict.ts";

export type Burn = Extract<MonitorCondition, { kind: "burn" }>;
/** Readings by the length of their window in seconds. */
export type Readings = ReadonlyMap<number, Reading>;

const RECOVERY = 0.8;
const RANKS: Readonly<Record<Severity, number>> = { info: 1, warning: 2, critical: 3 };

/** How fast the error budget is used. Both windows of a pair must exceed its burn rate for certain. */
export function judgeBurn(condition: Burn, readings: Readings): Verdict {
  const pairs = condition.windows.map((windows) => weighPair(condition.objective, windows, readings));
  const firing = pairs
    .filter(({ isExceeded }) => isExceeded)
    .sort((one, other) => RANKS[other.severity] - RANKS[one.severity])[0];
  const worst = pairs.toSorted((one, other) => other.value / other.limit - one.value / one.limit)[0];
  return {
    severity: firing?.severity ?? null,
    isGood: pairs.every(({ value, limit }) => value < RECOVERY * limit),
    point: {
      value: worst?.value ?? null,
      n: worst?.n ?? 0,
      lower: worst?.lower ?? null,
      upper: worst?.upper ?? null,
      expected: null,
      evidence: null,
    },
    detector: 0,
  };
}

/** The burn rate of a pair is the lower one of its two windows. */
function weighPair(objective: number, windows: BurnWindows, readings: Readings) {
  const [long, short] = [windows.longMinutes, windows.shortMinutes].map((minutes) =>
    weighWindow(objective, readings.get(minutes * 60)),
  );
  const lowest = (key: "value" | "lower" | "upper") => Math.min(long?.[key] ?? 0, short?.[key] ?? 0);
  return {
    severity: windows.severity,
    limit: windows.burnRate,
    value: lowest("value"),
    lower: lowest("lower"),
    upper: lowest("upper"),
    n: long?.n ?? 0,
    isExceeded: lowest("lower") > windows.burnRate,
  };
}

function weighWindow(objective: number, reading: Reading | undefined) {
  if (reading?.kind !== "rate") return { value: 0, lower: 0, upper: 0, n: 0 };
  const [lower, upper] = shareInterval(reading.bad, reading.n) ?? [0, 0];
  const share = reading.n === 0 ? 0 : reading.bad / reading.n;
  const [value, low, high] = [share, lower, upper].map((part) => burnRate(part, objective));
  return { value: value ?? 0, lower: low ?? 0, upper: high ?? 0, n: reading.n };
}

/** Burn rates that can never be exceeded, because even failures alone do not use the budget so fast. */
export const impossibleBurns = ({ objective, windows }: Burn): BurnWindows[] =>
  windows.filter((pair) => badShareAt(pair.burnRate, objective) >= 1);
