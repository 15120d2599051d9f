import type { Cell } from "../page-parts.ts";
import { isRightToLeft } from "./scripts-of-text.ts";

const DIGIT = /\p{Nd}/u;
const LETTER = /\p{L}/u;
const MARK = /^\p{M}+$/u;
/** Signs that stay inside a number. */
const INSIDE_NUMBER = /^[.,:/%+\-−٫٬٪$€£]$/u;

type Kind = "right" | "left" | "digit" | "sign" | "neutral";

const MIRRORED: Readonly<Record<string, string>> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "<": ">",
  ">": "<",
  "«": "»",
  "»": "«",
};

/**
 * Cells from left to right, as a reader reads them. Lines without right-to-left letters stay as they are. This undoes the reordering of the
 * Unicode Bidirectional Algorithm (UAX #9, rule L2) with levels 0 to 2: pages hold glyphs in the order of the eye.
 *
 * The space flag of each cell moves with it, so that it always means a space before the cell in the returned order.
 */
export function logicalOrder(cells: readonly Cell[]): readonly Cell[] {
  if (!cells.some(({ text }) => isRightToLeft(text))) return cells;
  const kinds = cells.map(({ text }) => kindOf(text));
  const balance = kinds.filter((kind) => kind === "right").length - kinds.filter((kind) => kind === "left").length;
  const levels = levelsOf(kinds, balance > 0 ? 1 : 0);
  const order = reverseRuns(reverseRuns(cells.keys().toArray(), levels, 1), levels, 2);
  return order.map((index, position) => {
    const cell = cells[index] as Cell;
    const previous = order[position - 1];
    const isOdd = levels[index] === 1;
    // The flag sits on the right one of two neighbors.
    const gap = previous === undefined ? undefined : cells[Math.max(index, previous)];
    const isNeighbor = previous !== undefined && Math.abs(previous - index) === 1;
    const text = isOdd ? (MIRRORED[cell.text] ?? cell.text) : cell.text;
    return {
      ...cell,
      text,
      hasSpace: isNeighbor ? gap?.hasSpace === true : previous !== undefined && isWordStart(cells, index, previous),
    };
  });
}

/** Two cells that become neighbors by the reordering are of different directions, so a space on any side of them counts. */
const isWordStart = (cells: readonly Cell[], index: number, previous: number) =>
  [index, index + 1, previous, previous + 1].some((at) => cells[at]?.hasSpace === true);

function kindOf(text: string): Kind {
  if (isRightToLeft(text)) return DIGIT.test(text) ? "digit" : "right";
  if (DIGIT.test(text)) return "digit";
  if (LETTER.test(text)) return "left";
  if (MARK.test(text)) return "neutral";
  return INSIDE_NUMBER.test(text) ? "sign" : "neutral";
}

function levelsOf(kinds: readonly Kind[], base: 0 | 1): readonly number[] {
  return kinds.map((kind, index) => {
    if (kind === "right") return 1;
    const before = strongBefore(kinds, index);
    const after = strongAfter(kinds, index);
    if (kind === "left") return base === 1 ? 2 : 0;
    if (kind === "digit" || (kind === "sign" && isInNumber(kinds, index))) {
      return base === 1 || before === "right" || after === "right" ? (before === "left" && base === 0 ? 0 : 2) : 0;
    }
    if (base === 1) return before === "left" && after === "left" ? 2 : 1;
    return before === "right" && after === "right" ? 1 : 0;
  });
}

const isInNumber = (kinds: readonly Kind[], index: number) =>
  kinds[index - 1] === "digit" && kinds[index + 1] === "digit";

const isStrong = (kind: Kind | undefined) => kind === "right" || kind === "left";

const strongBefore = (kinds: readonly Kind[], index: number) =>
  kinds[kinds.findLastIndex((kind, at) => at < index && isStrong(kind))];

const strongAfter = (kinds: readonly Kind[], index: number) =>
  kinds[kinds.findIndex((kind, at) => at > index && isStrong(kind))];

/** Reverses each run of indexes at or above a level. */
function reverseRuns(order: readonly number[], levels: readonly number[], least: number): number[] {
  const reversed: number[] = [];
  let run: number[] = [];
  for (const index of order) {
    if ((levels[index] ?? 0) >= least) {
      run.push(index);
      continue;
    }
    reversed.push(...run.reverse(), index);
    run = [];
  }
  return [...reversed, ...run.reverse()];
}
