import type { Answer } from "@treadle/sdk";

type Summary = Answer<"GET /api/v1/runs/:runId">["scores"][number];
type Interval = Summary["interval"];

/** No more digits than a person can use; a dash where there is no value, which is never 0. */
export function inDigits(value: number | null): string {
  if (value === null) return "–";
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3).replace("-", "−");
}

export const inChange = (value: number | null) =>
  value !== null && value > 0 ? `+${inDigits(value)}` : inDigits(value);

export const inRange = (interval: Interval, write = inDigits) =>
  interval === null ? "" : ` [${write(interval.low)}, ${write(interval.high)}]`;

export function inMoney(usd: number | null): string {
  if (usd === null) return "price unknown";
  return usd === 0 ? "$0" : `$${usd >= 0.1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

export const inTime = (ms: number | null) =>
  ms === null
    ? "–"
    : ms >= 10_000
      ? `${(ms / 1_000).toFixed(0)} s`
      : ms >= 1_000
        ? `${(ms / 1_000).toFixed(1)} s`
        : `${ms.toFixed(0)} ms`;

export const inProbability = (p: number | null) => (p === null ? "–" : p < 0.001 ? "<0.001" : p.toFixed(3));

/** Such as `1 item`, `20 items`. */
export const counted = (count: number, thing: string) =>
  `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
