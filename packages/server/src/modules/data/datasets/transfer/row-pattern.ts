import { ItemId } from "@treadle/contract";
import { type ItemDraft, jsonOfContent } from "../chunks/item-hash.ts";
import { parseRow } from "../files/parse-row.ts";
import type { FileRow } from "../files/row.ts";
import type { Shape } from "../shapes/shape.ts";
import { findHoles, type Hole } from "./find-holes.ts";
import type { DraftRow } from "./read-drafts.ts";

/**
 * The common form of many lines of a file: constant parts, and holes with a different text or number each, which goes
 * into the item unchanged. The result of such a line is assembled from its pieces, and neither parsed nor serialized
 * again.
 */
export type RowPattern = {
  /** The constant parts before, between and after the holes of a line. */
  readonly literals: readonly string[];
  readonly isText: readonly boolean[];
  /** The same for the item. `order` lists the hole after each part but the last. */
  readonly said: readonly string[];
  readonly order: readonly number[];
  /** An item of a line with other texts. */
  readonly draft: ItemDraft;
  /** The holes that are the row's id, and its whole expected answer as a text; -1 when none is. */
  readonly idHole: number;
  readonly answerHole: number;
};

/** The content of a line's holes, in the item's notation. */
export type Filling = string[];

type Options = { readonly passes: NonNullable<Shape["passes"]>; readonly toDraft: (row: FileRow) => DraftRow };

/** The content of a hole while a pattern is made: a valid id, and a number with only one notation. */
const MARK = "treadle:hole";
const NUMBER_MARK = 7_300_000_000_000_000;
const markOf = ({ isText }: Hole, place: number) => (isText ? `${MARK}:${place}:` : String(NUMBER_MARK + place));
const holdsMarks = (line: string) => line.includes(MARK) || line.includes(String(NUMBER_MARK).slice(0, 12));
const MOST_HOLES = 200;
const LINE_MARK = NUMBER_MARK + MOST_HOLES;
const MOST_DIGITS = 300;
/** At most 15 digits, and neither so large nor so small that it has an exponent: JavaScript writes it as it stands. */
const PLAIN_NUMBER = /^(?:0|-?[1-9]\d{0,14}|-?(?=[\d.]{3,16}$)(?:[1-9]\d*|0(?!\.0{6}))\.\d*[1-9])$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The pattern of a valid line. Null if it has none. The line is parsed once more with marks in its holes. The texts of
 * other lines belong where the marks appear in the item.
 */
export function learnPattern(line: string, { passes, toDraft }: Options): RowPattern | null {
  const holes = findHoles(line, passes);
  if (holes.length === 0 || holes.length > MOST_HOLES || holdsMarks(line)) return null;
  const marks = holes.map(markOf);
  const literals = literalsOf(line, holes);
  const marked = literals.reduce((text, literal, place) => text + (marks[place - 1] ?? "") + literal);
  const { draft } = toDraft(parseRow(LINE_MARK, Buffer.from(marked)));
  // A row that says itself where it came from says something else in each line.
  if (draft === null || draft.source.line !== LINE_MARK) return null;
  const content = cutAtMarks(jsonOfContent(draft), marks);
  const idHole = holes.findIndex(({ isId }) => isId);
  const isOwnId = draft.itemId === undefined || draft.itemId === marks[idHole];
  if (content === null || !isOwnId) return null;
  const answerHole = typeof draft.expected === "string" ? marks.indexOf(draft.expected) : -1;
  return { literals, isText: holes.map(({ isText }) => isText), ...content, draft, idHole, answerHole };
}

function literalsOf(line: string, holes: readonly Hole[]): string[] {
  const ends = [0, ...holes.map(({ end }) => end)];
  return ends.map((end, place) => line.slice(end, holes[place]?.start));
}

/**
 * Null if a mark occurs twice, because the use of the hole is then ambiguous. A mark that does not occur was dropped by
 * the shape.
 */
function cutAtMarks(json: string, marks: readonly string[]): Pick<RowPattern, "said" | "order"> | null {
  const holes = marks.map((mark, hole) => ({ hole, at: json.indexOf(mark), mark }));
  if (holes.some(({ at, mark }) => at !== -1 && json.includes(mark, at + 1))) return null;
  const inOrder = holes.filter(({ at }) => at !== -1).sort((a, b) => a.at - b.at);
  const ends = [0, ...inOrder.map(({ at, mark }) => at + mark.length)];
  return {
    said: ends.map((end, place) => json.slice(end, inOrder[place]?.at)),
    order: inOrder.map(({ hole }) => hole),
  };
}

/** Where a line lies in a text, and the first backslash that is not before it, or the end of the text. */
export type LinePlace = { readonly text: string; start: number; end: number; slash: number };

/** Whether the line is written so, and then what fills its holes. Nothing in it may be below a blank. */
export function matchPattern({ literals, isText }: RowPattern, line: LinePlace, filling: Filling): boolean {
  const { text, start, end } = line;
  let at = start;
  for (let place = 0; place < isText.length; place++) {
    const literal = literals[place] ?? "";
    if (!text.startsWith(literal, at)) return false;
    at += literal.length;
    const stop = isText[place] ? endOfText(line, at) : endOfNumber(text, at);
    if (stop === -1 || stop >= end) return false;
    const given = text.slice(at, stop);
    const filled = isText[place] ? (line.slash < stop ? rewrite(given) : given) : canonicalNumber(given);
    if (filled === null) return false;
    filling[place] = filled;
    at = stop;
  }
  const last = literals[isText.length] ?? "";
  return at + last.length === end && text.startsWith(last, at);
}

/** The next quote without a backslash before it. */
function endOfText(line: LinePlace, from: number): number {
  const { text } = line;
  if (line.slash < from) line.slash = placeOfSlash(text, from);
  const quote = text.indexOf('"', from);
  if (quote < line.slash) return quote;
  for (let at = line.slash; at < line.end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at++;
  }
  return -1;
}
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

export function placeOfSlash(text: string, from: number): number {
  const at = text.indexOf("\\", from);
  return at === -1 ? text.length : at;
}

/** A text with escapes in canonical form. Null for other values, and for a text that must be inspected. */
function rewrite(given: string): string | null {
  if (given.includes("\\u")) return null;
  try {
    return JSON.stringify(JSON.parse(`"${given}"`)).slice(1, -1);
  } catch {
    return null;
  }
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  for (; ; at++) {
    const unit = text.charCodeAt(at);
    const isPart = (unit >= 0x30 && unit <= 0x39) || unit === 0x2e || unit === 0x2d || unit === 0x65;
    if (!isPart && unit !== 0x2b && unit !== 0x45) return at;
  }
}

/** A JSON number in canonical form. Null for other values, and for a number that is too large to store. */
export function canonicalNumber(given: string): string | null {
  if (PLAIN_NUMBER.test(given)) return given;
  const number = Number(given);
  return given.length <= MOST_DIGITS && NUMBER.test(given) && Number.isFinite(number) ? String(number) : null;
}

/** The item's content in a line, without its last brace. */
export function fillIn({ said, order }: RowPattern, filling: Filling): string {
  let json = said[0] ?? "";
  for (let place = 0; place < order.length; place++)
    json += (filling[order[place] ?? 0] ?? "") + (said[place + 1] ?? "");
  return json;
}

/** The item of a line, of which only the id, the answer, the split and the source differ. Null for an invalid id. */
export function draftOf(pattern: RowPattern, filling: Filling, line: number): ItemDraft | null {
  const { draft, idHole, answerHole } = pattern;
  const { inputs, metadata, split, source } = draft;
  const id = filling[idHole];
  if (id !== undefined && !ItemId.safeParse(id).success) return null;
  const answer = filling[answerHole];
  const expected = answer === undefined ? draft.expected : answer.includes("\\") ? JSON.parse(`"${answer}"`) : answer;
  const from = { kind: source.kind, file: source.file, line };
  return { itemId: draft.itemId === undefined ? undefined : id, inputs, expected, metadata, source: from, split };
}
