import { canonicalJson, parseJson } from "@treadle/metrics";
import { NEGATIONS } from "./english-words.ts";
import { normalizeQuestion } from "./normalize-question.ts";
import { overlapOf } from "./overlap-of.ts";
import { readQuestion } from "./read-question.ts";

const LEAST_SIMILARITY = 0.8;
const LEAST_OVERLAP = 0.6;
/** In a longer answer a negation may be reworded; a short one is turned around by it. */
const SHORT_WORDS = 40;

/**
 * Whether two answers say the same: equal texts or JSON, or near texts with the same numbers and, if they are short, the
 * same negations. `similarity` is the cosine of their vectors.
 */
export function isSameAnswer(one: string, two: string, similarity: number): boolean {
  if (normalizeQuestion(one) === normalizeQuestion(two)) return true;
  const [ownJson, otherJson] = [jsonOf(one), jsonOf(two)];
  if (ownJson !== null || otherJson !== null) return ownJson === otherJson;
  const [own, other] = [wordsOf(one), wordsOf(two)];
  if (similarity < LEAST_SIMILARITY || overlapOf(own.content, other.content) < LEAST_OVERLAP) return false;
  if (overlapOf(own.numbers, other.numbers) < 1) return false;
  const isShort = Math.min(own.content.size, other.content.size) <= SHORT_WORDS;
  return !isShort || own.negations === other.negations;
}

function wordsOf(answer: string) {
  const { content, numbers, literals } = readQuestion(answer, "en");
  const words = content.filter((word) => !NEGATIONS.has(word));
  const negations = content.length - words.length;
  return { content: new Set([...words, ...literals]), numbers: new Set(numbers), negations };
}

/** An object or a list in canonical form; null for any other text. */
function jsonOf(text: string): string | null {
  const value = parseJson(text);
  return typeof value === "object" && value !== null ? canonicalJson(value) : null;
}
