import { expect, test } from "vitest";
import { findPhrases, PHRASES } from "../scripts/words/phrases.mjs";
import { countWords, findLongSentences, splitSentences } from "../scripts/words/sentences.mjs";

test.each(PHRASES.map(({ offence, instead }) => [offence, instead] as const))("%s is found", (offence, instead) => {
  expect(findPhrases(offence).map((found) => found.instead)).toContain(instead);
});

test.each([
  "Up to 16 calls run at once.",
  "The panel stands in for the page, and what it says is right.",
  "A key is valid for some time.",
  "Keep the key secret, and fix the rest.",
  "The request asks for a page.",
])("%s is left alone", (sentence) => {
  expect(findPhrases(sentence)).toEqual([]);
});

test("a sentence ends at its stop, not at an abbreviation, a number or a file name", () => {
  const texts = splitSentences("See e.g. Node 24.1 or a.md. It runs! Does it? Yes (really.) No").map(
    ({ text }) => text,
  );
  expect(texts).toEqual(["See e.g. Node 24.1 or a.md.", "It runs!", "Does it?", "Yes (really.)", "No"]);
});

test("a sentence of 30 words passes and one of 31 does not", () => {
  const of = (words: number) => `${"word ".repeat(words - 1)}word.`;
  expect(countWords(of(30))).toBe(30);
  expect(findLongSentences(`${of(30)} A ${of(29)}`)).toEqual([]);
  expect(findLongSentences(`It runs. A ${of(30)}`)).toMatchObject([{ index: 9, words: 31 }]);
});
