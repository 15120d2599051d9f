import type { AnnotationQuestion, AnnotationValue, AnnotationValues } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";

/** The order in which one person sees the candidates, from the seed in their lease. */
export function orderOf(candidateIds: readonly string[], seed: number): string[] {
  const random = createRandom(seed);
  const order = [...candidateIds];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other] ?? "", order[at] ?? ""];
  }
  return order;
}

/** The screen names of positions. */
export const keysOf = (order: readonly string[]): string[] =>
  order.length === 2 ? ["left", "right"] : order.map((_, at) => String(at + 1));

type Renames = (name: string) => string;

/** Pairwise and ranking answers name candidates: on screen by their places, kept by their ids. */
function rename(questions: readonly AnnotationQuestion[], values: AnnotationValues, name: Renames): AnnotationValues {
  const renamed: Record<string, AnnotationValue> = { ...values };
  for (const question of questions) {
    const value = values[question.key];
    if (question.type === "pairwise" && typeof value === "string") renamed[question.key] = name(value);
    if (question.type === "ranking" && question.options === null && Array.isArray(value))
      renamed[question.key] = value.map((group) =>
        Array.isArray(group) ? group.map((one) => name(String(one))) : [name(String(group))],
      );
  }
  return renamed;
}

/** From positions on the screen to ids of candidates. Other values are unchanged. */
export function toKept(questions: readonly AnnotationQuestion[], values: AnnotationValues, order: readonly string[]) {
  const ids = new Map(keysOf(order).map((key, at) => [key, order[at] ?? key]));
  return rename(questions, values, (key) => ids.get(key) ?? key);
}

/** From ids of candidates to places on screen. */
export function toShown(questions: readonly AnnotationQuestion[], values: AnnotationValues, order: readonly string[]) {
  const keys = new Map(order.map((id, at) => [id, keysOf(order)[at] ?? id]));
  return rename(questions, values, (id) => keys.get(id) ?? id);
}
