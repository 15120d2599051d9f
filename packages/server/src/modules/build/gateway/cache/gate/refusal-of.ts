import { overlapOf } from "./overlap-of.ts";
import type { Question } from "./read-question.ts";

/** Why the answer of one question does not fit another. */
type Refusal =
  | "language"
  | "quotations"
  | "numbers"
  | "negation"
  | "words"
  | "word order"
  | "overlap"
  | "person"
  | "preposition";

const LEAST_OVERLAP = 0.8;
/** Fewer words say too little for two different texts to be one question. */
const LEAST_WORDS = 2;

/**
 * The second gate after the similarity of the vectors, which cannot tell a question from its opposite. Null when the
 * questions have the same words with a meaning, in the same order.
 */
export function refusalOf(one: Question, two: Question): Refusal | null {
  if (isOtherLanguage(one.language, two.language)) return "language";
  if (!isEqual(one.literals, two.literals)) return "quotations";
  if (!isEqual(one.numbers, two.numbers)) return "numbers";
  if (!isEqual(one.negations, two.negations)) return "negation";
  if (one.content.length < LEAST_WORDS || !isEqual(one.content.toSorted(), two.content.toSorted())) return "words";
  if (!isEqual(one.content, two.content)) return "word order";
  if (overlapOf(allWords(one), allWords(two)) < LEAST_OVERLAP) return "overlap";
  if (!isWithin(one.persons, two.persons) && !isWithin(two.persons, one.persons)) return "person";
  const isLinked = one.links.every((link, place) => link === "" || !two.links[place] || link === two.links[place]);
  return isLinked ? null : "preposition";
}

const isOtherLanguage = (one: string, two: string) => one !== two && one !== "und" && two !== "und";

const isEqual = (one: readonly string[], two: readonly string[]) =>
  one.length === two.length && one.every((word, place) => word === two[place]);

const allWords = ({ content, weak }: Question) => new Set([...content, ...weak]);

/** Whether the shorter list is left when words are taken out of the longer one. */
function isWithin(short: readonly string[], long: readonly string[]): boolean {
  let from = 0;
  return short.every((word) => {
    from = long.indexOf(word, from) + 1;
    return from > 0;
  });
}
