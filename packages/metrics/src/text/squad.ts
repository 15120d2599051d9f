import { splitWords } from "./white-space.ts";

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/**
 * A separate word by the rules of Python's \b: it is delimited by characters of any script except letters, numbers and
 * underscores.
 */
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** The words of an answer as SQuAD's scripts compare them: lower case, without ASCII punctuation, without a, an and the. */
function answerWords(text: string): string[] {
  return splitWords(text.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLE, " "));
}

/** 1.1 has an answer for each question; in 2.0 the right answer can be none, given as "" or as no gold answer at all. */
export type SquadVersion = "1.1" | "2.0";

/** 0 or 1, and 0 to 1: the best over the gold answers. */
export type SquadScore = { readonly exactMatch: number; readonly f1: number };

/**
 * Exact match and the F1 of words, as SQuAD's evaluation scripts have them; a corpus's score is the mean of its items', times 100. Null for
 * 1.1 without a gold answer: there is nothing to compare with.
 */
export function squadScore(
  prediction: string,
  golds: readonly string[],
  version: SquadVersion = "2.0",
): SquadScore | null {
  const answers = golds.map(answerWords);
  const wanted = version === "2.0" ? answers.filter(({ length }) => length > 0) : answers;
  if (wanted.length === 0 && version === "2.0") wanted.push([]);
  if (wanted.length === 0) return null;
  const words = answerWords(prediction);
  const text = words.join(" ");
  return {
    exactMatch: wanted.some((answer) => answer.join(" ") === text) ? 1 : 0,
    f1: Math.max(...wanted.map((answer) => f1Of(words, answer, version))),
  };
}

/** The signature of the value. */
export const squadSignature = (version: SquadVersion) => `norm:squad|multi:best|version:squad-${version}`;

function f1Of(words: readonly string[], answer: readonly string[], version: SquadVersion): number {
  if (version === "2.0" && (words.length === 0 || answer.length === 0)) return words.length === answer.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of answer) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  if (shared === 0) return 0;
  const [precision, recall] = [shared / words.length, shared / answer.length];
  return (2 * precision * recall) / (precision + recall);
}
