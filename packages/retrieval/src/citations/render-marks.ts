import type { Span } from "../text/sentences.ts";
import type { Citation, MarkPolicy } from "./citation.ts";
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
  /** Contiguous stretches of the answer and where they begin in the result. */
  const stretches: { from: number; to: number; start: number }[] = [];
  let out = "";
  /** The length of what was taken already, and the last character of it. */
  let taken = 0;
  let last = "\n";
  let spaces = { text: "", from: 0 };
  let group = { lead: "", hasOutput: true, dropsSpaces: false };

  function write(text: string, from: number): void {
    if (text === "") return;
    const start = taken + out.length;
    const before = stretches.at(-1);
    if (before && before.to === from && before.start + (before.to - before.from) === start) before.to += text.length;
    else stretches.push({ from, to: from + text.length, start });
    out += text;
    last = text.at(-1) ?? last;
  }

  return {
    /** Adds text of the answer that starts at an offset. */
    text(text: string, from: number): void {
      let place = 0;
      if (!group.hasOutput && text !== "") {
        if (group.lead !== "" && WORD_START.test(text)) write(group.lead, from);
        group = { lead: "", hasOutput: true, dropsSpaces: group.dropsSpaces };
      }
      if (group.dropsSpaces) {
        place = /^[ \t]*/.exec(text)?.[0].length ?? 0;
        if (place < text.length) group = { ...group, dropsSpaces: false };
      }
      const body = text.slice(place);
      const bodyEnd = body.search(/[ \t]*$/);
      if (bodyEnd > 0) {
        write(spaces.text, spaces.from);
        write(body.slice(0, bodyEnd), from + place);
        spaces = { text: "", from: 0 };
      }
      if (bodyEnd < body.length)
        spaces = {
          text: spaces.text + body.slice(bodyEnd),
          from: spaces.text === "" ? from + place + bodyEnd : spaces.from,
        };
    },
    /** Adds a mark after its lead; with null the mark is left out. Returns where it is in the result. */
    mark(mark: PlacedMark, lead: string, text: string | null): Span {
      if (mark.isFirstOfGroup) {
        group = { lead: spaces.text, hasOutput: false, dropsSpaces: last === "\n" };
        spaces = { text: "", from: 0 };
      }
      if (text === null) return { start: taken + out.length, end: taken + out.length };
      const before = group.hasOutput ? lead : group.lead;
      write(before, mark.start - before.length);
      group = { lead: "", hasOutput: true, dropsSpaces: false };
      const start = taken + out.length;
      write(text, mark.start);
      return { start, end: taken + out.length };
    },
    /** Ends the answer: white space at its end is written, unless a removed mark follows it. */
    end: (): void => write(spaces.text, spaces.from),
    /** Where an offset of the answer is in the result. */
    place(offset: number): number {
      const stretch = stretches.findLast(({ from }) => from <= offset);
      return stretch === undefined ? 0 : stretch.start + Math.min(offset - stretch.from, stretch.to - stretch.from);
    },
    /** What was written since the last call. */
    take(): string {
      const text = out;
      taken += text.length;
      out = "";
      return text;
    },
  };
}
export type MarkWriter = ReturnType<typeof createMarkWriter>;
