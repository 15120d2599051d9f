import { createHash } from "node:crypto";
import type { LateFinding } from "@treadle/guards";

const MOST_ANSWERS = 10_000;

/**
 * The answers of the recent past by a hash of the question. A conversation repeats its messages with every call, and they are
 * asked about once. A failure is not remembered. Texts are not stored.
 */
export function createAnswerMemory() {
  const answers = new Map<string, readonly LateFinding[]>();
  return async (
    question: readonly unknown[],
    ask: () => Promise<readonly LateFinding[]>,
  ): Promise<readonly LateFinding[]> => {
    const key = createHash("sha256").update(JSON.stringify(question)).digest("base64");
    const existing = answers.get(key);
    if (existing) return existing;
    const answer = await ask();
    const oldest = answers.size >= MOST_ANSWERS ? answers.keys().next().value : undefined;
    if (oldest !== undefined) answers.delete(oldest);
    answers.set(key, answer);
    return answer;
  };
}
