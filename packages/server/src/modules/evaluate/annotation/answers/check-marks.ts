import type { AnnotationValue, MarkedSpan } from "@treadle/contract";

type Rules = {
  readonly options: readonly { readonly value: string }[];
  readonly allowsOverlap: boolean;
  /** The length of the marked text, in UTF-16 units. */
  readonly length: number;
};

export const isMarks = (value: AnnotationValue): value is MarkedSpan[] =>
  Array.isArray(value) && value.every((one) => typeof one === "object" && !Array.isArray(one) && "start" in one);

/** Why marked spans do not fit a text; null when they do. */
export function checkMarks(marks: readonly MarkedSpan[], { options, allowsOverlap, length }: Rules): string | null {
  for (const [at, { start, end, label }] of marks.entries()) {
    if (start >= end) return `mark ${at} ends at ${end}, which is not after its start ${start}.`;
    if (end > length) return `mark ${at} ends at ${end}, but the text has only ${length} characters.`;
    if (!options.some(({ value }) => value === label)) return `mark ${at} has the unknown label "${label}".`;
  }
  if (allowsOverlap) return null;
  const sorted = marks.toSorted((a, b) => a.start - b.start);
  const over = sorted.findIndex(({ start }, at) => start < (sorted[at - 1]?.end ?? 0));
  return over < 0 ? null : "two marks overlap, which this question does not allow.";
}
