/** A citation mark in an answer, such as `[1]`. */
export type Mark = {
  /** UTF-16 offsets in the answer; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** The numbers that it cites, each once, in its order; a range is written out. */
  readonly numbers: readonly number[];
};

/** Where a mark is, and whether more text can arrive. */
export type Ahead = { readonly isEnd: boolean; readonly lineStart: number; readonly markBefore: number };

const NUMBER = String.raw`\^?\d{1,3}(?: ?[-–] ?\d{1,3})?`;
const LIST = ` ?${NUMBER}(?: ?[,;、，] ?${NUMBER}){0,9} ?`;
const ONE = String.raw`(?:\[${LIST}\]|【${LIST}(?:†[^】\n]{0,40})?】|［${LIST}］)`;
const MARK = new RegExp(String.raw`\( ?${ONE}(?:[,; ]{0,2}${ONE}){0,3} ?\)|${ONE}`, "y");
/** Everything that a longer text could turn into a mark. It matches the start of every match of `MARK`, which is shorter than 1,000. */
const PARTIAL = /^\(?[[\]【】［］\d,;、，–^ -]*(?:†[^\n]*)?$/;
const LONGEST = 1000;
const OPENING = /[[【［(]/;
const RANGE = /(\d+)(?: ?[-–] ?(\d+))?/g;
const WIDEST_RANGE = 50;

/** Whether a mark can start with a character. */
export const opensMark = (character: string): boolean => OPENING.test(character);

/**
 * The mark that starts at a place; null where none does, and `pending` where that depends on text that has not arrived. A link, its
 * definition, an image, an index such as `rows[1].name`, and a list in code such as `x = [1, 2]` are no marks.
 */
export function markAt(text: string, start: number, ahead: Ahead): Mark | "pending" | null {
  MARK.lastIndex = start;
  const found = MARK.exec(text)?.[0];
  if (found === undefined) {
    const rest = text.slice(start, start + LONGEST);
    const canBecome = !ahead.isEnd && start + rest.length === text.length && PARTIAL.test(rest);
    return canBecome ? "pending" : null;
  }
  if (isCodeBefore(text, start, ahead)) return null;
  const end = start + found.length;
  const after = text.slice(end, end + 2);
  if (after.length < 2 && after !== "\n" && !ahead.isEnd) return "pending";
  if (/^[(\]]|^\.[a-z_]|^ ?=/.test(after)) return null;
  if (after.startsWith(":") && text.slice(ahead.lineStart, start).trim() === "") return null;
  const numbers = numbersOf(found);
  return numbers === null ? null : { start, end, numbers };
}

function isCodeBefore(text: string, start: number, { lineStart, markBefore }: Ahead): boolean {
  const before = text.slice(Math.max(lineStart, start - 3), start);
  if (text[start] === "(") return /[\w)\]]$/.test(before);
  return /\[$|= ?$|": ?$|\w\($/.test(before) || (before.endsWith("]") && markBefore !== start);
}

function numbersOf(mark: string): readonly number[] | null {
  const numbers = new Set<number>();
  for (const [, first = "", last = first] of mark.replace(/†[^】]*/g, "").matchAll(RANGE)) {
    const [low, high] = [Number(first), Number(last)];
    if (low < 1 || high < low || high - low > WIDEST_RANGE) return null;
    for (let number = low; number <= high; number += 1) numbers.add(number);
  }
  return [...numbers];
}
