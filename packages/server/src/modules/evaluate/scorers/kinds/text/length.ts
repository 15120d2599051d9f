import { z } from "zod";
import { amount, defineKind, scored } from "../../scoring/kind.ts";
import { sentenceCount, wordsOf } from "../../words/count-words.ts";

const Params = z.strictObject({
  unit: z.enum(["characters", "words", "sentences", "lines"]).default("words"),
});

/** The maximum length to analyze. The number then applies to the beginning of the text, which is reported. */
const MOST_CHARACTERS = 500_000;

const COUNTS = {
  characters: (text: string) => [...text].length,
  words: (text: string) => wordsOf(text).length,
  sentences: sentenceCount,
  lines: (text: string) => (text === "" ? 0 : text.split(/\r\n|[\n\r]/).length),
};

export const length = defineKind({
  id: "length",
  label: "Length",
  group: "cost",
  summary:
    "The length of the answer in characters (code points), words, sentences or lines. An empty answer has length 0.",
  params: Params,
  output: amount("", "none"),
  needs: [],
  open:
    ({ unit }) =>
    ({ output }) => {
      const isCut = output.length > MOST_CHARACTERS;
      return scored(COUNTS[unit](isCut ? output.slice(0, MOST_CHARACTERS) : output), {
        reason: isCut ? `Based on the first ${MOST_CHARACTERS} characters.` : "",
      });
    },
});
