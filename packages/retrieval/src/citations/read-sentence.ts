import { endsWithAbbreviation } from "../text/sentences.ts";
import { createMarkGroups, type MarkGroups, type PlacedMark } from "./mark-groups.ts";
import { opensMark } from "./marks.ts";

/** Where a sentence starts, and what is known there. Offsets count from the start of the text that holds it. */
export type SentenceStart = {
  readonly start: number;
  /** The characters that opened the block of code in which it lies, or null. */
  readonly fence: string | null;
  readonly isLineStart: boolean;
};

export type ReadSentence = {
  readonly marks: readonly PlacedMark[];
  /** Text before this place is decided. */
  readonly decided: number;
  /** Where the next sentence starts; null where the text that has arrived does not show it. */
  readonly next: SentenceStart | null;
  readonly isCode: boolean;
};

/** A longer sentence ends at white space, or after `HARD_LIMIT` characters, so that a stream never holds more. */
const SOFT_LIMIT = 2000;
const HARD_LIMIT = 4000;
const END = /[.!?…؟।۔]+["'”’»)\]*_]*|[。！？｡]+["'”’」』）*_]*/y;
const WIDE_END = /^[。！？｡]/;
const LIST_NUMBER = /^\s*\d{1,3}\.$/;
/** Fences can be indented by any depth, as in lists, and be quoted. */
const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
const FENCE_BEGINNING = /^[ \t>]*(`{0,2}|~{0,2})$/;

/**
 * Reads one sentence of an answer in Markdown, as far as it has arrived. A line break ends a sentence. Whatever it decides does not
 * depend on text that follows, so a text gives the same sentences and marks however it is cut. Code holds no marks: blocks between
 * fences, and from a backtick to the next run of as many, or to the end of the line.
 */
export function readSentence(text: string, from: SentenceStart, isEnd: boolean): ReadSentence {
  if (from.isLineStart) {
    const line = readFence(text, from, isEnd);
    if (line !== null) return line;
  }
  return readText({ text, from, isEnd, groups: createMarkGroups(text, from.start, isEnd) });
}

/** A line of a block of code, or a line that opens or closes it; null for other lines. */
function readFence(text: string, { start, fence }: SentenceStart, isEnd: boolean): ReadSentence | null {
  const feed = text.indexOf("\n", start);
  const line = text.slice(start, feed < 0 ? text.length : feed);
  const isOpen = feed < 0 && !isEnd;
  const [, run = ""] = FENCE.exec(line) ?? [];
  const code = (after: string | null): ReadSentence => ({
    marks: [],
    decided: isOpen ? text.length : feed < 0 ? text.length : feed + 1,
    next: isOpen ? null : { start: feed < 0 ? text.length : feed + 1, fence: after, isLineStart: true },
    isCode: true,
  });
  if (fence !== null) {
    const closes = run.startsWith(fence) && line.replace(/^[ \t>]*/, "").trim() === run;
    return code(closes ? null : fence);
  }
  if (run === "") return isOpen && FENCE_BEGINNING.test(line) ? { ...code(null), isCode: false } : null;
  // A run of backticks with another behind it on the line is code within the line.
  if (run.startsWith("`") && line.slice(line.indexOf(run) + run.length).includes("`")) return null;
  return isOpen ? { ...code(null), decided: start } : code(run);
}

type Step = { readonly at: number } | { readonly decided: number } | { readonly end: number };
type Reading = {
  readonly text: string;
  readonly from: SentenceStart;
  readonly isEnd: boolean;
  readonly groups: MarkGroups;
};

function readText(reading: Reading): ReadSentence {
  const { text, from, isEnd, groups } = reading;
  const result = (decided: number, end: number | null): ReadSentence => ({
    marks: groups.marks(),
    decided,
    next: end === null ? null : { start: end, fence: null, isLineStart: text[end - 1] === "\n" },
    isCode: false,
  });
  for (let place = from.start; place < text.length; ) {
    const step = readAt(place, reading);
    if ("end" in step) return result(step.end, step.end);
    if ("decided" in step) return result(step.decided, null);
    place = step.at;
  }
  return result(text.length, isEnd ? text.length : null);
}

function readAt(place: number, reading: Reading): Step {
  const { text, from, groups } = reading;
  const character = text[place] ?? "";
  const length = place - from.start;
  if (character === "\n") return { end: place + 1 };
  if (length >= HARD_LIMIT && !isLowSurrogate(text, place)) return { end: place };
  if (length >= SOFT_LIMIT && /\s/.test(character)) return { end: place + 1 };
  if (character === "`") return { at: afterCode(text, place) };
  if (character === "]" && text[place + 1] === "(") return { at: afterLink(text, place) };
  if (matchEnd(END, text, place) > place) return readAfterEnd(place, reading);
  if (!opensMark(character)) return { at: place + 1 };
  const group = groups.read(place);
  return group === "pending" ? { decided: place } : { at: group ?? place + 1 };
}

/** What follows the end of a sentence at a place: more of the sentence, its end, or text that has not arrived. */
function readAfterEnd(start: number, reading: Reading): Step {
  const { text, from, isEnd } = reading;
  const end = matchEnd(END, text, start);
  const isWide = WIDE_END.test(text[start] ?? "");
  const visible = skipSpaces(text, end);
  if (visible === text.length) return isEnd ? { end: visible } : { decided: end };
  if (text[visible] === "\n") return { end: visible + 1 };
  const head = text.slice(from.start, end);
  if (!isWide && (endsWithAbbreviation(head) || (from.isLineStart && LIST_NUMBER.test(head)))) return { at: end };
  const step = readMarksAfterEnd(end, visible, reading);
  if (step !== null) return step;
  if (visible === end) return isWide ? { end } : { at: end };
  const isLower = startsLower(text, visible, isEnd);
  if (isLower === "pending") return { decided: end };
  return isLower && !isWide ? { at: end } : { end: visible };
}

/** Marks behind the end of a sentence belong to it, unless a small letter shows that they begin the next. */
function readMarksAfterEnd(end: number, visible: number, { text, isEnd, groups }: Reading): Step | null {
  const undo = groups.save();
  const group = groups.read(visible);
  if (group === null) return null;
  const next = group === "pending" ? text.length : skipSpaces(text, group);
  const isLower = next === text.length && !isEnd ? "pending" : startsLower(text, next, isEnd);
  if (isLower === "pending") {
    undo();
    return { decided: end };
  }
  if (!isLower) return { end: text[next] === "\n" ? next + 1 : next };
  if (visible === end) return { at: next };
  undo();
  return { end: visible };
}

function matchEnd(pattern: RegExp, text: string, place: number): number {
  pattern.lastIndex = place;
  return place + (pattern.exec(text)?.[0].length ?? 0);
}

function skipSpaces(text: string, place: number): number {
  let end = place;
  while (text[end] === " " || text[end] === "\t") end += 1;
  return end;
}

/** Whether a small letter is at a place; `pending` where half of a pair of surrogates has arrived. */
function startsLower(text: string, place: number, isEnd: boolean): boolean | "pending" {
  const character = text.slice(place, place + 2);
  const isHalf = character.length === 1 && /[\ud800-\udbff]/.test(character);
  return isHalf && !isEnd ? "pending" : /^\p{Ll}/u.test(character);
}

const isLowSurrogate = (text: string, place: number): boolean => /[\udc00-\udfff]/.test(text.charAt(place));

/** The end of code that a run of backticks opens: behind the next run of as many, or the end of the line. */
function afterCode(text: string, start: number): number {
  const run = /`+/y;
  const length = matchEnd(run, text, start) - start;
  for (let place = start + length; place < text.length && text[place] !== "\n"; ) {
    const end = matchEnd(run, text, place);
    if (end - place === length) return end;
    place = Math.max(end, place + 1);
  }
  const feed = text.indexOf("\n", start);
  return feed < 0 ? text.length : feed;
}

/** The end of the address of a link. */
const afterLink = (text: string, start: number): number => matchEnd(/\]\([^)\s]*\)?/y, text, start);
