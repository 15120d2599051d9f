import { type Span, trimSpan } from "../text/sentences.ts";
import type { Citation, MarkPolicy } from "./citation.ts";
import type { PlacedMark } from "./mark-groups.ts";
import { type ReadSentence, readSentence, type SentenceStart } from "./read-sentence.ts";
import { createMarkWriter, type MarkWriter, renderMark } from "./render-marks.ts";
import { wordsOf } from "./words.ts";

/** A part of a cited answer: text that may be shown, and the citations that became known with it. */
export type AnswerStep = { readonly text: string; readonly citations: readonly Citation[] };

/** A claim and the mark behind it, with offsets in the answer. */
export type Claim = Span & {
  readonly text: string;
  readonly mark: Span;
  readonly numbers: readonly number[];
  /** The numbers of all marks that follow the claim together. */
  readonly groupNumbers: readonly number[];
};

export type Walking = {
  /** The citations of a mark, one for each number, with offsets in the answer. */
  readonly judge: (claim: Claim) => readonly Citation[];
  readonly policy: MarkPolicy;
  /** Called with each sentence that is no code, with offsets in the answer and without its marks. */
  readonly onSentence?: (sentence: Span & { readonly text: string }) => void;
};

/** A clause of fewer words says too little by itself: the whole sentence is the claim. */
const LEAST_CLAUSE_WORDS = 3;

/** Reads an answer as it arrives, decides its marks, and gives the text under a policy. */
export function createAnswerWalker(walking: Walking) {
  const walk: Walk = {
    ...walking,
    writer: createMarkWriter(),
    waiting: [],
    buffer: "",
    base: 0,
    from: { start: 0, fence: null, isLineStart: true },
    done: { upTo: 0, marks: 0 },
  };
  return {
    push(delta: string): readonly AnswerStep[] {
      walk.buffer += delta;
      return advance(walk, false);
    },
    end: (): readonly AnswerStep[] => advance(walk, true),
  };
}

type Place = { readonly buffer: string; readonly base: number; readonly from: SentenceStart };
type Walk = Walking & {
  readonly writer: MarkWriter;
  /** Citations whose claims are not written yet, in order. */
  readonly waiting: Citation[];
  buffer: string;
  /** The offset of the buffer in the answer. */
  base: number;
  from: SentenceStart;
  /** What of the sentence was given to the writer: a place in the buffer, and a number of marks. */
  done: { readonly upTo: number; readonly marks: number };
};

/** Reads sentences up to the end of the buffer, and takes from the buffer those that are whole. */
function advance(walk: Walk, isEnd: boolean): readonly AnswerStep[] {
  while (walk.from.start < walk.buffer.length) {
    const read = readSentence(walk.buffer, walk.from, isEnd);
    walk.done = writeSentence(read, walk);
    if (read.next === null) break;
    if (!read.isCode) walk.onSentence?.(sentenceOf(read, walk));
    walk.from = read.next;
    walk.done = { upTo: walk.from.start, marks: 0 };
  }
  if (isEnd) walk.writer.end();
  const { buffer, base, from, done, waiting, writer } = walk;
  const citations = dueCitations(waiting, base + done.upTo, writer);
  const text = writer.take();
  walk.buffer = buffer.slice(from.start);
  walk.base = base + from.start;
  walk.done = { ...done, upTo: done.upTo - from.start };
  walk.from = { ...from, start: 0 };
  return text === "" && citations.length === 0 ? [] : [{ text, citations }];
}

/** Writes what is decided of a sentence and was not written before. */
function writeSentence(read: ReadSentence, walk: Readonly<Walk>): Walk["done"] {
  const { buffer, base, writer } = walk;
  let { upTo, marks } = walk.done;
  for (const mark of read.marks.slice(marks)) {
    const claim = claimOf(mark, read, walk);
    if (mark.isFirstOfGroup) {
      writer.text(buffer.slice(upTo, mark.start), base + upTo);
      upTo = mark.start;
    }
    if (claim === null) return { upTo, marks };
    writeMark(mark, claim, walk);
    upTo = mark.end;
    marks += 1;
  }
  const decided = Math.max(upTo, read.decided);
  writer.text(buffer.slice(upTo, decided), base + upTo);
  return { upTo: decided, marks };
}

function writeMark(
  mark: PlacedMark,
  claim: Claim,
  { buffer, base, writer, waiting, judge, policy }: Readonly<Walk>,
): void {
  const { text, shown } = renderMark(buffer.slice(mark.start, mark.end), judge(claim), policy);
  const absolute = { ...mark, start: base + mark.start, end: base + mark.end };
  const { start, end } = writer.mark(absolute, buffer.slice(mark.leadStart, mark.start), text);
  waiting.push(...shown.map((citation) => ({ ...citation, markStart: start, markEnd: end })));
}

/** The claim of a mark: the clause before it, or its sentence where the clause says too little; null until the sentence ends. */
function claimOf(mark: PlacedMark, read: ReadSentence, place: Place): Claim | null {
  const { buffer, base, from } = place;
  const shared = {
    mark: { start: base + mark.start, end: base + mark.end },
    numbers: mark.numbers,
    groupNumbers: mark.groupNumbers,
  };
  const clause = withoutLead(buffer, mark.clause);
  const text = buffer.slice(clause.start, clause.end);
  if (wordsOf(text).length >= LEAST_CLAUSE_WORDS)
    return { start: base + clause.start, end: base + clause.end, text, ...shared };
  return read.next === null ? null : { ...sentenceOf(read, { buffer, base, from }), ...shared };
}

/** A clause without white space at its ends and without the punctuation that divides it from the clause before. */
function withoutLead(text: string, { start, end }: Span): Span {
  const lead = /^[\s,;:.!?…、，。)]*/.exec(text.slice(start, end))?.[0].length ?? 0;
  return trimSpan(text, { start: start + lead, end });
}

/** A whole sentence: its place without marks at its ends, and its text without marks. */
function sentenceOf(read: ReadSentence, { buffer, base, from }: Place): Span & { text: string } {
  const until = read.next?.start ?? read.decided;
  const parts: Span[] = [];
  let start = from.start;
  for (const mark of read.marks) {
    parts.push({ start, end: mark.leadStart });
    start = mark.end;
  }
  const full = [...parts, { start, end: until }]
    .map((part) => trimSpan(buffer, part))
    .filter((part) => part.start < part.end);
  const text = full.map((part) => buffer.slice(part.start, part.end)).join(" ");
  const [first, last] = [full[0], full.at(-1)];
  return { start: base + (first?.start ?? from.start), end: base + (last?.end ?? from.start), text };
}

/** Takes the citations from the queue whose claims were written, in order, and moves their claims to offsets in the result. */
function dueCitations(waiting: Citation[], upTo: number, writer: MarkWriter): readonly Citation[] {
  const count = waiting.findIndex(({ claimEnd }) => claimEnd > upTo);
  return waiting.splice(0, count < 0 ? waiting.length : count).map((citation) => ({
    ...citation,
    claimStart: writer.place(citation.claimStart),
    claimEnd: writer.place(citation.claimEnd),
  }));
}
