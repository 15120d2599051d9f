import { z } from "zod";
import { defineKind, scored, unscored } from "../../scoring/kind.ts";
import { sentenceCount, wordsOf } from "../../words/count-words.ts";

const Params = z.strictObject({
  measure: z
    .enum(["flesch-ease", "flesch-kincaid-grade"])
    .default("flesch-ease")
    .describe("Ease: 100 is very easy, below 30 is hard. Grade: the years of school that a reader needs."),
});
const LEAST_WORDS = 10;
const MOST_CHARACTERS = 200_000;
const ENGLISH = /[a-z]/i;

export const readability = defineKind({
  id: "readability",
  label: "Readability",
  group: "language",
  summary:
    "Flesch's formulas over words, sentences and syllables, counted by English spelling rules. Undefined below 10 words.",
  params: Params,
  output: { type: "number", min: null, max: null, direction: "none", unit: "" },
  needs: [],
  open:
    ({ measure }) =>
    ({ output }) => {
      const text = output.slice(0, MOST_CHARACTERS);
      const words = wordsOf(text).filter((word) => ENGLISH.test(word));
      if (words.length < LEAST_WORDS)
        return unscored(`The answer has fewer than ${LEAST_WORDS} words in Latin letters.`);
      const perSentence = words.length / Math.max(1, sentenceCount(text));
      const perWord = words.reduce((sum, word) => sum + syllablesOf(word), 0) / words.length;
      return scored(
        measure === "flesch-ease"
          ? 206.835 - 1.015 * perSentence - 84.6 * perWord
          : 0.39 * perSentence + 11.8 * perWord - 15.59,
        { details: { wordsPerSentence: perSentence, syllablesPerWord: perWord } },
      );
    },
});

/** Groups of vowels, without a silent e at the end. */
export function syllablesOf(word: string): number {
  const plain = word.toLowerCase().replaceAll(/[^a-z]/g, "");
  if (plain.length <= 3) return 1;
  const spoken = plain.replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/, "").replace(/^y/, "");
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1);
}
