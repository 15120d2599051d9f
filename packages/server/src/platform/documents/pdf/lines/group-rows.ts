import type { Segment } from "../page-parts.ts";
import { isSameLine } from "./build-segments.ts";

/** Segments on one baseline, from left to right. */
export type Row = {
  readonly segments: readonly Segment[];
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
};

/** Segments as rows from top to bottom: a segment joins the row whose baseline is within half its height. */
export function groupRows(segments: readonly Segment[]): readonly Row[] {
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((one, other) => one.baseline - other.baseline)) {
    const row = rows.at(-1);
    const anchor = row === undefined ? undefined : largest(row);
    if (row !== undefined && anchor !== undefined && isSameLine(anchor, segment)) row.push(segment);
    else rows.push([segment]);
  }
  return rows.map(toRow);
}

/** A superscript does not move the baseline of its row: the largest text decides. */
const largest = (row: readonly Segment[]) => row.reduce((best, segment) => (segment.size > best.size ? segment : best));

function toRow(segments: readonly Segment[]): Row {
  const { baseline, size } = largest(segments);
  const sorted = segments.toSorted((one, other) => one.start - other.start);
  return {
    segments: sorted,
    start: sorted[0]?.start ?? 0,
    end: Math.max(...sorted.map(({ end }) => end)),
    baseline,
    size,
  };
}

export const lettersOf = (segments: readonly Segment[]) =>
  segments.reduce((sum, { cells }) => sum + cells.reduce((length, { text }) => length + text.length, 0), 0);
