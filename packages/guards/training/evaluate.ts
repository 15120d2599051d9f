import { wilsonInterval } from "../../metrics/src/index.ts";

/** How many of the texts of a source reach a threshold. */
export type Count = { readonly source: string; readonly successes: number; readonly n: number };

/** The scores of the texts of a source. */
export type Scores = { readonly source: string; readonly scores: readonly number[] };

export const countReaching = ({ source, scores }: Scores, threshold: number): Count => ({
  source,
  successes: scores.filter((score) => score >= threshold).length,
  n: scores.length,
});

/**
 * The lowest threshold that a share of ordinary texts reaches on average over their sources: each source counts the same,
 * because a thousand short questions would hide twenty long prompts.
 */
export function thresholdAt(ordinary: readonly Scores[], share: number): number {
  const shareAt = (threshold: number) =>
    ordinary.reduce((sum, { scores }) => sum + scores.filter((score) => score >= threshold).length / scores.length, 0) /
    ordinary.length;
  const candidates = ordinary.flatMap(({ scores }) => scores).toSorted((one, other) => other - one);
  // The share grows along the candidates, so the last that still fits is found by halving.
  let [low, high] = [0, candidates.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shareAt(candidates[middle] ?? 0) <= share) low = middle + 1;
    else high = middle;
  }
  // Just above the first score that does not fit.
  return nextUp(candidates[low] ?? 0);
}

const nextUp = (value: number) => value + Math.max(1e-12, Math.abs(value) * 1e-9);

const percent = (share: number) => (share * 100).toFixed(1);
/** A share with its Wilson interval in percent, for example `93.2 (91.0–95.0)`. */
export function inPercent({ successes, n }: Count): string {
  const [low, high] = wilsonInterval({ successes, n }) ?? [0, 1];
  return n === 0 ? "no texts" : `${percent(successes / n)} (${percent(low)}–${percent(high)})`;
}

/** A table in Markdown. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}
