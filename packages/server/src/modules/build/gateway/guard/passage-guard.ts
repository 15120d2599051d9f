import { judgeText, type StreamVerdict } from "@treadle/guards";
import type { Place, TextVisitor } from "../../guards/index.ts";
import type { Means } from "./guard-message.ts";
import type { Adding } from "./guard-record.ts";

/** A text of a document that a call would quote. */
export type FoundText = { readonly title: string; readonly headings: readonly string[]; readonly text: string };
/** The text as it may be quoted: as the model gets it, and as the caller does, with the values instead of their placeholders. */
export type JudgedText = Omit<FoundText, "text"> & { readonly sent: string; readonly shown: string };

type Deps = Pick<Means, "judging" | "readTexts" | "restore"> & {
  /** For texts that are quoted. */
  readonly record: Adding;
  /** For texts that are left out: their verdict does not block the call. */
  readonly withheld: Adding;
};

/** Judges texts that a search found as `retrieved`. Null for a text that a rule blocks, which must not be quoted. */
export function createPassageGuard({ judging, readTexts, restore, record, withheld }: Deps) {
  function judge(found: FoundText, place: number): JudgedText | null {
    const verdicts: [StreamVerdict, Place][] = [];
    const [title = "", body = "", ...headings] = visitOne(found, place, (text, at) => {
      const { text: judged, ...verdict } = judgeText(text, { ...judging, trust: at.trust });
      verdicts.push([verdict, at]);
      return judged;
    });
    const isBlocked = verdicts.some(([{ action }]) => action === "block");
    for (const [verdict, at] of verdicts) (isBlocked ? withheld : record).add(verdict, at);
    return isBlocked ? null : { title, headings, sent: body, shown: restore(body) };
  }

  return async (texts: readonly FoundText[]): Promise<readonly (JudgedText | null)[]> => {
    await readTexts((visitor) => {
      for (const [place, found] of texts.entries()) visitOne(found, place, visitor.text);
    });
    return texts.map(judge);
  };
}

/** The texts as a visitor returns them: the title, the text itself, and the headings. */
function visitOne({ title, headings, text }: FoundText, place: number, visit: TextVisitor["text"]): readonly string[] {
  const at = (field: string): Place => ({ trust: "retrieved", path: `knowledge.passages.${place}.${field}` });
  return [
    visit(title, at("title")),
    visit(text, at("text")),
    ...headings.map((heading, nth) => visit(heading, at(`headings.${nth}`))),
  ];
}
