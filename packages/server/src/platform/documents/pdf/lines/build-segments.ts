import type { Cell, Glyph, Segment } from "../page-parts.ts";
import { isRightToLeft, isSpaceless, plainCharacters } from "./scripts-of-text.ts";

/** Gap, in em, that ends a segment. Columns of text can be this near to each other. */
const SEGMENT_GAP = 0.8;
/** How far, in em, a glyph may step back: accents and kerning do. */
const STEP_BACK = 0.6;
/** Share of the height within which two baselines are one. */
export const SAME_BASELINE = 0.5;

/** The glyphs of one direction as segments, in the frame of that direction. */
export function buildSegments(glyphs: readonly Glyph[], angle: number): readonly Segment[] {
  const segments: Segment[] = [];
  let run: Run | undefined;
  for (const glyph of glyphs) {
    const cell = toCell(glyph, angle);
    if (run !== undefined && extend(run, cell)) continue;
    if (run !== undefined) segments.push(toSegment(run));
    run = { cells: [cell], start: cell.start, end: cell.end, isLeftward: false };
  }
  if (run !== undefined) segments.push(toSegment(run));
  return segments;
}

/** Glyphs that the file writes one after another. A leftward run is right-to-left text in reading order. */
type Run = { readonly cells: Cell[]; start: number; end: number; isLeftward: boolean };

function extend(run: Run, cell: Cell): boolean {
  const last = run.isLeftward ? run.cells[0] : run.cells.at(-1);
  if (last === undefined || !isSameLine(last, cell)) return false;
  const em = Math.max(last.size, cell.size);
  const gap = cell.start - run.end;
  if (!run.isLeftward && gap >= -STEP_BACK * em && gap <= SEGMENT_GAP * em) {
    run.cells.push(cell);
    run.end = Math.max(run.end, cell.end);
    return true;
  }
  const leftGap = run.start - cell.end;
  const canTurn = run.isLeftward || run.cells.length === 1;
  if (!canTurn || !isRightToLeft(cell.text + last.text) || Math.abs(leftGap) > SEGMENT_GAP * em) return false;
  run.isLeftward = true;
  // The space was written between the two cells, and the flag belongs to the right one.
  run.cells[0] = { ...last, hasSpace: cell.hasSpace };
  run.cells.unshift({ ...cell, hasSpace: false });
  run.start = Math.min(run.start, cell.start);
  return true;
}

export const isSameLine = (one: { baseline: number; size: number }, other: { baseline: number; size: number }) =>
  Math.abs(one.baseline - other.baseline) < SAME_BASELINE * Math.max(Math.min(one.size, other.size), 1);

function toCell(glyph: Glyph, angle: number): Cell {
  const radians = (angle * Math.PI) / 180;
  const start = glyph.x * Math.cos(radians) + glyph.y * Math.sin(radians);
  return {
    text: plainCharacters(glyph.text),
    start,
    end: start + glyph.width,
    baseline: glyph.y * Math.cos(radians) - glyph.x * Math.sin(radians),
    size: glyph.size,
    style: glyph.style,
    hasSpace: glyph.hasSpace,
  };
}

function toSegment({ cells, start, end }: Run): Segment {
  const size = commonSize(cells);
  const baseline = cells.find((cell) => cell.size === size)?.baseline ?? 0;
  return { cells, start, end, baseline, size };
}

/** The size of most characters. */
export function commonSize(cells: readonly Cell[]): number {
  const first = cells[0]?.size ?? 0;
  if (cells.every(({ size }) => size === first)) return first;
  const counts = new Map<number, number>();
  for (const { size, text } of cells) counts.set(size, (counts.get(size) ?? 0) + text.length);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** Gap, in em, that is a space. Glyph widths are exact here, and tight lines set spaces of 0.2 em. */
const SPACE_GAP = 0.15;
/** Justified lines of scripts without spaces spread their letters. */
const SPACELESS_GAP = 0.8;
/** Letters further apart than this, in em, in most places of a line are letter-spaced. */
const SPACED_OUT = 0.18;
const FEWEST_GAPS = 4;

/** Whether a space precedes each cell, by the gap to the one before it. */
export function markSpaces(cells: readonly Cell[]): readonly Cell[] {
  const gaps = cells.map((cell, index) => (index === 0 ? 0 : cell.start - (cells[index - 1]?.end ?? cell.start)));
  const tracking = trackingOf(cells, gaps);
  return cells.map((cell, index) => {
    const previous = cells[index - 1];
    if (cell.hasSpace || previous === undefined) return cell;
    const em = Math.min(cell.size, previous.size);
    const isJoined = isSpaceless(cell.text) && isSpaceless(previous.text);
    const least = (isJoined ? SPACELESS_GAP : SPACE_GAP) * em + tracking;
    return (gaps[index] ?? 0) > least ? { ...cell, hasSpace: true } : cell;
  });
}

/** The extra gap of a line that is letter-spaced by positions, or 0. */
function trackingOf(cells: readonly Cell[], gaps: readonly number[]): number {
  const inner = gaps.slice(1).toSorted((one, other) => one - other);
  if (
    inner.length < FEWEST_GAPS ||
    cells.some(({ hasSpace, text }, index) => (hasSpace && index > 0) || text.length > 2)
  )
    return 0;
  const size = cells[0]?.size ?? 0;
  const low = inner[Math.floor(inner.length * 0.25)] ?? 0;
  return low > SPACED_OUT * size ? (inner[Math.floor(inner.length / 2)] ?? 0) : 0;
}
