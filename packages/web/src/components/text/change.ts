import { changeBetween, formatCompact, formatPercent } from "./format.ts";

/** With fewer spans, a percentile or a rate is not meaningful. */
export const FEW = 20;

/** Which direction is better; undefined where neither is, as with requests. */
export type Direction = "up" | "down" | undefined;

export type Change = {
  /** `▲ 12%`, `▼ 3×`, `= unchanged`. */
  text: string;
  verdict: "better" | "worse" | undefined;
  /** For screen readers. */
  words: string;
};

type Compared = { before: number | null; now: number | null; better: Direction };

/** The change of a number. Null when there is nothing to compare with. */
export function describeChange({ before, now, better }: Compared): Change | null {
  const change = changeBetween(before, now);
  if (change === null) return null;
  if (Math.abs(change) < 0.005) return { text: "= unchanged", verdict: undefined, words: "unchanged" };
  const isMore = change > 0;
  const size = Math.abs(change) >= 10 ? `${formatCompact(Math.abs(change) + 1)}×` : formatPercent(Math.abs(change));
  const verdict = better === undefined ? undefined : isMore === (better === "up") ? "better" : "worse";
  return { text: `${isMore ? "▲" : "▼"} ${size}`, verdict, words: `${size} ${isMore ? "more" : "less"}` };
}
