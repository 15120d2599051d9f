import type { AnnotationQuestion, AnnotationValue } from "@treadle/contract";

/** Questions whose answers are one of some: only of those can people be compared option by option. */
const COUNTED: readonly AnnotationQuestion["type"][] = ["binary", "label", "multilabel", "rating"];
export const isCounted = ({ type }: AnnotationQuestion): boolean => COUNTED.includes(type);

/** An answer as a label that is the same for the same answer; null for none. */
export function labelOf(value: AnnotationValue | undefined): string | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? JSON.stringify(value.map(String).sort()) : String(value);
}

/** The other way round. */
export function readLabel({ type }: AnnotationQuestion, label: string): AnnotationValue {
  if (type === "binary") return label === "true";
  if (type === "rating") return Number(label);
  if (type !== "multilabel") return label;
  const chosen: unknown = JSON.parse(label);
  return Array.isArray(chosen) ? chosen.map(String) : [];
}
