import { z } from "zod";
import { amount, defineKind, scored } from "./kind.ts";

const Params = z.strictObject({
  unit: z.enum(["characters", "words", "sentences", "lines"]).default("words"),
});
const segments = (granularity: "word" | "sentence") => new Intl.Segmenter(undefined, { granularity });
const [WORDS, SENTENCES] = [segments("word"), segments("sentence")];

/** More of a text is not taken apart: the number is then of its beginning, and says so. */
const MOST_CHARACTERS = 500_000;

const COUNTS = {
  characters: (text: string) => [...text].length,
  words: (text: string) => wordsOf(text).length,
  sentences: (text: string) => [...SENTENCES.segment(text)].filter(({ segment }) => segment.trim() !== "").length,
  lines: (text: string) => (text === "" ? 0 : text.split(/\r\n|[\n\r]/).length),
};

/** The words of a text, in scripts without blanks too. */
export const wordsOf = (text: string): string[] =>
  Array.from(WORDS.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
export const sentenceCount = COUNTS.sentences;

export const length = defineKind({
  id: "length",
  label: "Length",
  group: "cost",
  summary: "How long the answer is, in characters (code points), words, sentences or lines. An empty answer has 0.",
  params: Params,
  output: amount("", "none"),
  needs: [],
  open:
    ({ unit }) =>
    ({ output }) => {
      const isCut = output.length > MOST_CHARACTERS;
      return scored(COUNTS[unit](isCut ? output.slice(0, MOST_CHARACTERS) : output), {
        reason: isCut ? `Of its first ${MOST_CHARACTERS} characters.` : "",
      });
    },
});
