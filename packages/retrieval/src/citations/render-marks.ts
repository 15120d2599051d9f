import type { Span } from "../text/sentences.ts";
import type { Citation, MarkPolicy } from "./citation.ts";
import { createMappedOutput, type MappedOutput } from "./mapped-output.ts";
import type { PlacedMark } from "./mark-groups.ts";

export type RenderedMark = { readonly text: string | null; readonly shown: readonly Citation[] };

/** A mark under a policy: its text, or null where it is removed, and the citations that remain. */
export function renderMark(original: string, citations: readonly Citation[], policy: MarkPolicy): RenderedMark {
  const good = citations.filter(({ verified }) => verified);
  if (policy === "keep" || good.length === citations.length) return { text: original, shown: citations };
  const [, opening = "[", closing = "]"] = /^([^\d]*)[\s\S]*?([^\d]*)$/.exec(original.replace(/†[^】]*/g, "")) ?? [];
  const kept = good.length === 0 ? "" : `${opening}${good.map(({ number }) => number).join(", ")}${closing}`;
  if (policy === "remove") return { text: kept === "" ? null : kept, shown: good };
  const bad = citations.filter(({ verified }) => !verified).map(({ number }) => number);
  return { text: `${kept}${kept === "" ? "" : " "}[${bad.join(", ")} unverified]`, shown: citations };
}

const WORD_START = /^(?:[\ud800-\udfff]|[\p{L}\p{N}])/u;

/**
 * Writes an answer with its marks. A removed mark takes the white space or separator before it along. White space is written with
 * what follows it, so that the result does not depend on how the text was cut. It also maps offsets of the answer to the result.
 */
export function createMarkWriter() {
  const output = createMappedOutput();
  const state: WriterState = {
    output,
    spaces: { text: "", from: 0 },
    group: { lead: "", hasOutput: true, dropsSpaces: false },
  };
  return {
    /** Adds text of the answer that starts at an offset. */
    text: (text: string, from: number): void => addText(state, text, from),
    /** Adds a mark after its lead; with null the mark is left out. Returns where it is in the result. */
    mark: (mark: PlacedMark, lead: string, text: string | null): Span => addMark(state, mark, { lead, text }),
    /** Ends the answer: white space at its end is written, unless a removed mark follows it. */
    end: (): void => output.write(state.spaces.text, state.spaces.from),
    /** Where an offset of the answer is in the result. */
    place: output.place,
    /** What was written since the last call. */
    take: output.take,
  };
}
export type MarkWriter = ReturnType<typeof createMarkWriter>;

type WriterState = {
  readonly output: MappedOutput;
  /** White space that is not written yet, and its offset in the answer. */
  spaces: { readonly text: string; readonly from: number };
  /** The last group of marks: the white space before it, and whether it or the text after it was written. */
  group: { readonly lead: string; readonly hasOutput: boolean; readonly dropsSpaces: boolean };
};

function addText(state: WriterState, text: string, from: number): void {
  if (!state.group.hasOutput && text !== "") {
    if (state.group.lead !== "" && WORD_START.test(text)) state.output.write(state.group.lead, from);
    state.group = { lead: "", hasOutput: true, dropsSpaces: state.group.dropsSpaces };
  }
  let dropped = 0;
  if (state.group.dropsSpaces) {
    dropped = /^[ \t]*/.exec(text)?.[0].length ?? 0;
    if (dropped < text.length) state.group = { ...state.group, dropsSpaces: false };
  }
  addBody(state, text.slice(dropped), from + dropped);
}

/** Writes text up to the white space at its end, which waits. */
function addBody(state: WriterState, body: string, from: number): void {
  const bodyEnd = body.search(/[ \t]*$/);
  if (bodyEnd > 0) {
    state.output.write(state.spaces.text, state.spaces.from);
    state.output.write(body.slice(0, bodyEnd), from);
    state.spaces = { text: "", from: 0 };
  }
  if (bodyEnd === body.length) return;
  const { spaces } = state;
  state.spaces = { text: spaces.text + body.slice(bodyEnd), from: spaces.text === "" ? from + bodyEnd : spaces.from };
}

type Rendering = { readonly lead: string; readonly text: string | null };

function addMark(state: WriterState, mark: PlacedMark, { lead, text }: Rendering): Span {
  const { output } = state;
  if (mark.isFirstOfGroup) {
    state.group = { lead: state.spaces.text, hasOutput: false, dropsSpaces: output.last() === "\n" };
    state.spaces = { text: "", from: 0 };
  }
  if (text === null) return { start: output.length(), end: output.length() };
  const before = state.group.hasOutput ? lead : state.group.lead;
  output.write(before, mark.start - before.length);
  state.group = { lead: "", hasOutput: true, dropsSpaces: false };
  const start = output.length();
  output.write(text, mark.start);
  return { start, end: output.length() };
}
