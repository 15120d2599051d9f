import { changeBetween, formatCompact, formatPercent } from "./format.ts";

/** Below this many spans a percentile or a rate says little. */
export const FEW = 20;

/** Which way is better; undefined where more is neither, as with requests. */
export type Direction = "up" | "down" | undefined;

export type Change = {
  /** `▲ 12%`, `▼ 3×`, `= unchanged`. */
  text: string;
  verdict: "better" | "worse" | undefined;
  /** For people who do not see the arrow. */
  words: string;
};

type Compared = { before: number | null; now: number | null; better: Direction };

/** What became of a number. Null when there is nothing to compare with. */
export function describeChange({ before, now, better }: Compared): Change | null {
  const change = changeBetween(before, now);
  if (change === null) return null;
  if (Math.abs(change) < 0.005) return { text: "= unchanged", verdict: undefined, words: "unchanged" };
  const isMore = change > 0;
  const size = Math.abs(change) >= 10 ? `${formatCompact(Math.abs(change) + 1)}×` : formatPercent(Math.abs(change));
  const verdict = better === undefined ? undefined : isMore === (better === "up") ? "better" : "worse";
  return { text: `${isMore ? "▲" : "▼"} ${size}`, verdict, words: `${size} ${isMore ? "more" : "less"}` };
}
