import type { KnowledgeAnswer } from "./use-ask.ts";

/** A part of an answer: text, or the mark of a citation with the number of its passage. */
type AnswerPart = { readonly start: number; readonly text: string; readonly number: number | null };

/** The text of an answer in parts. A mark that cites several passages is a part for the first of them. */
export function partsOf({ answer, citations }: Pick<KnowledgeAnswer, "answer" | "citations">): readonly AnswerPart[] {
  const parts: AnswerPart[] = [];
  let end = 0;
  for (const { number, markStart, markEnd } of citations.toSorted((a, b) => a.markStart - b.markStart)) {
    if (markStart < end) continue;
    if (markStart > end) parts.push({ start: end, text: answer.slice(end, markStart), number: null });
    parts.push({ start: markStart, text: answer.slice(markStart, markEnd), number });
    end = markEnd;
  }
  if (end < answer.length) parts.push({ start: end, text: answer.slice(end), number: null });
  return parts;
}
