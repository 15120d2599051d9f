import type { AnnotationValue } from "@treadle/contract";
import { ranksOf, spansOf, textsOf } from "./answer-values.ts";

const MOST = 300;

/** An answer of any type as one line of text. */
export function wordsOfValue(value: AnnotationValue | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value.slice(0, MOST);
  if (!Array.isArray(value))
    return Object.entries(value)
      .map(([key, step]) => `${key} ${step}`)
      .join(", ");
  const spans = spansOf(value);
  if (spans.length > 0) return spans.map(({ start, end, label }) => `${label} ${start}–${end}`).join(", ");
  const ranks = ranksOf(value);
  if (ranks.length > 0) return ranks.map((group) => group.join(" = ")).join(" > ");
  return textsOf(value).join(", ") || "none";
}
