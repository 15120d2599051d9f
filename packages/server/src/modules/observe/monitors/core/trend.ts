import { DAY_MS } from "../../../../kernel/day.ts";
import type { PastWindow } from "./past-window.ts";

const [LEAST, MOST] = [0.5, 2];
/** Without at least an hour of windows on the last day, the trend is unknown. */
const LEAST_WINDOWS = 12;

/** How the last day compares with what was expected of it: the median ratio of its windows, from 0.5 to 2. */
export function trendOf(past: readonly PastWindow[], expectedAt: (end: number) => number): number {
  const last = past.reduce((latest, { end }) => Math.max(latest, end), 0);
  const ratios = past.flatMap(({ end, reading }) => {
    const expected = expectedAt(end);
    return end > last - DAY_MS && reading.kind === "total" && expected > 0 ? [reading.value / expected] : [];
  });
  // The mean of the middle half: a median of ratios of small counts is one of few values.
  const middle = ratios
    .sort((one, other) => one - other)
    .slice(ratios.length >> 2, ratios.length - (ratios.length >> 2));
  if (ratios.length < LEAST_WINDOWS) return 1;
  const mean = middle.reduce((sum, ratio) => sum + ratio, 0) / middle.length;
  return Math.min(MOST, Math.max(LEAST, mean));
}
