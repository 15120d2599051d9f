import type { EvaluatorItem } from "../search/evaluator.ts";

const LEAST_ANSWER = 12;
const LEAST_INPUT = 30;

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/**
 * The test items whose expected answer or input occurs literally in a prompt, and not in the original prompt. Short
 * texts, and answers of several items (class names), are not checked, because they leak nothing.
 */
export function findLeaks(prompt: string, start: string, items: readonly EvaluatorItem[]): string[] {
  const [now, before] = [plain(prompt), plain(start)];
  const counts = new Map<string, number>();
  for (const { expected } of items)
    for (const text of new Set(textsOf(expected).map(plain))) counts.set(text, (counts.get(text) ?? 0) + 1);
  const isLeaked = (text: string) => now.includes(text) && !before.includes(text);
  return items
    .filter(
      ({ inputs, expected }) =>
        textsOf(expected)
          .map(plain)
          .some((text) => text.length >= LEAST_ANSWER && counts.get(text) === 1 && isLeaked(text)) ||
        textsOf(inputs)
          .map(plain)
          .some((text) => text.length >= LEAST_INPUT && isLeaked(text)),
    )
    .map(({ itemId }) => itemId);
}
