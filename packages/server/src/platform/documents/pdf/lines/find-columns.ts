import type { Segment } from "../page-parts.ts";
import { groupRows, lettersOf, type Row } from "./group-rows.ts";
import { readsRightToLeft } from "./scripts-of-text.ts";

/** Rows of one column, from top to bottom. */
export type Region = readonly Row[];

type Gap = { readonly start: number; readonly end: number };

/** The smallest space between columns, in em. LaTeX sets 10 points between columns of 10-point text. */
const GUTTER = 0.8;
/** Rows with text on each side of the space. Fewer are a coincidence or a table. */
const FEWEST_ROWS = 3;
/** Columns of text have rows at least this long, in letters; shorter rows are cells of a table or labels of a list. */
const FEWEST_LETTERS = 13;
/** Share of the width of its column that a row of text fills. */
const LEAST_FILL = 0.55;
/** A row further down than this many row distances is not part of the columns above it. */
const FAR_DOWN = 2;
const DEEPEST = 3;

/**
 * Columns in reading order, by cuts in both directions: bands of rows that share an empty vertical strip are split there, and each
 * column is cut again. Rows of a table share strips too, but their cells are short, so they stay together.
 */
export function findColumns(segments: readonly Segment[], depth = 0): readonly Region[] {
  const rows = groupRows(segments);
  if (depth >= DEEPEST) return rows.length > 0 ? [rows] : [];
  const regions: Region[] = [];
  let single: Row[] = [];
  const closeSingle = () => {
    if (single.length > 0) regions.push(single);
    single = [];
  };
  for (let index = 0; index < rows.length; ) {
    const band = findBand(rows, index);
    const early = band === null ? 0 : earlyRows(single, band);
    if (band === null) {
      single.push(rows[index] as Row);
      index++;
      continue;
    }
    const before = single.splice(single.length - early);
    closeSingle();
    for (const column of splitColumns({ ...band, rows: [...before, ...band.rows] }))
      regions.push(...findColumns(column, depth + 1));
    index += band.rows.length;
  }
  closeSingle();
  return regions;
}

type Band = { readonly rows: readonly Row[]; readonly gutters: readonly Gap[] };

/** The columns that start at a row, or null if the row belongs to no columns. */
function findBand(rows: readonly Row[], first: number): Band | null {
  const start = rows[first];
  if (start === undefined) return null;
  let gutters = innerGaps(start);
  let last = first;
  for (let index = first + 1; index < rows.length && gutters.length > 0; index++) {
    const row = rows[index] as Row;
    const shared = gutters.flatMap((gutter) => openPart(gutter, row));
    if (shared.length === 0) break;
    gutters = shared;
    last = index;
  }
  if (gutters.length === 0) return null;
  const band = rows.slice(first, last + 1);
  const supported = gutters.filter((gutter) => band.filter((row) => isTwoSided(row, gutter)).length >= FEWEST_ROWS);
  if (supported.length === 0) return null;
  const trimmed = { rows: trimEnd(band, supported), gutters: supported };
  return splitColumns(trimmed).every(isText) ? trimmed : null;
}

function innerGaps(row: Row): Gap[] {
  const gaps: Gap[] = [];
  let end = row.segments[0]?.end ?? 0;
  for (const segment of row.segments.slice(1)) {
    if (segment.start - end >= GUTTER * row.size) gaps.push({ start: end, end: segment.start });
    end = Math.max(end, segment.end);
  }
  return gaps;
}

/** The widest part of a strip that a row leaves empty, if it is wide enough. */
function openPart(gutter: Gap, row: Row): Gap[] {
  let parts: Gap[] = [gutter];
  for (const { start, end } of row.segments) {
    parts = parts.flatMap((part) =>
      end <= part.start || start >= part.end
        ? [part]
        : [
            { start: part.start, end: start },
            { start: end, end: part.end },
          ],
    );
  }
  const widest = parts.reduce<Gap | null>(
    (best, part) => (best === null || widthOf(part) > widthOf(best) ? part : best),
    null,
  );
  return widest !== null && widthOf(widest) >= GUTTER * row.size ? [widest] : [];
}

const widthOf = ({ start, end }: Gap) => end - start;

const isTwoSided = (row: Row, gutter: Gap) => row.start < gutter.start + 1 && row.end > gutter.end - 1;

/** Rows below the last two-sided row stay only while they follow without a break: a heading after the columns is not part of them. */
function trimEnd(rows: readonly Row[], gutters: readonly Gap[]): readonly Row[] {
  const lastTwoSided = rows.findLastIndex((row) => gutters.some((gutter) => isTwoSided(row, gutter)));
  const pitch = medianPitch(rows);
  let last = lastTwoSided;
  while (last + 1 < rows.length) {
    const [row, next] = [rows[last] as Row, rows[last + 1] as Row];
    if (next.baseline - row.baseline > FAR_DOWN * pitch || next.size > row.size * 1.15) break;
    last++;
  }
  return rows.slice(0, last + 1);
}

/**
 * How many of the rows right above a band belong to it: a column that starts higher than the first one does. A row of the first column
 * alone can be a title of all columns, so it counts only below a row of another column.
 */
function earlyRows(above: readonly Row[], { rows, gutters }: Band): number {
  const pitch = medianPitch(rows);
  let next = rows[0];
  let count = 0;
  for (let index = above.length - 1; index >= 0 && next !== undefined; index--) {
    const row = above[index] as Row;
    const isOpen = gutters.every((gutter) => openPart(gutter, row).length > 0);
    if (!isOpen || next.baseline - row.baseline > FAR_DOWN * pitch) break;
    if (gutters.some((gutter) => row.start > gutter.end - 1)) count = above.length - index;
    next = row;
  }
  return count;
}

function medianPitch(rows: readonly Row[]): number {
  const pitches = rows.slice(1).map((row, index) => row.baseline - (rows[index]?.baseline ?? row.baseline));
  return pitches.toSorted((one, other) => one - other)[Math.floor(pitches.length / 2)] ?? 0;
}

/** The segments between the strips, in the order of reading. */
function splitColumns({ rows, gutters }: Band): readonly (readonly Segment[])[] {
  const segments = rows.flatMap((row) => row.segments);
  const edges = gutters.map(({ start, end }) => (start + end) / 2).toSorted((one, other) => one - other);
  const columns: Segment[][] = Array.from({ length: edges.length + 1 }, () => []);
  for (const segment of segments) {
    const middle = (segment.start + segment.end) / 2;
    columns[edges.filter((edge) => edge < middle).length]?.push(segment);
  }
  const text = segments.flatMap(({ cells }) => cells.map((cell) => cell.text)).join("");
  return readsRightToLeft(text) ? columns.toReversed() : columns;
}

/** Whether a column holds running text rather than cells or labels. */
function isText(column: readonly Segment[]): boolean {
  const rows = groupRows(column);
  if (rows.length < 2) return false;
  const width = Math.max(...rows.map(({ end }) => end)) - Math.min(...rows.map(({ start }) => start));
  const filled = rows.map(({ start, end }) => end - start).toSorted((one, other) => one - other);
  const letters = rows.map(({ segments }) => lettersOf(segments)).toSorted((one, other) => one - other);
  const middle = Math.floor(rows.length / 2);
  return (letters[middle] ?? 0) >= FEWEST_LETTERS && (filled[middle] ?? 0) >= LEAST_FILL * width;
}
