import { expect, test } from "vitest";
import { countListedWords } from "./listed-words.ts";

test.each([
  ["You are an idiot.", ["insult"]],
  ["what the FUCK, this is $h1t", ["profanity"]],
  ["shiiiit!", ["profanity"]],
  ["I will kill you", ["threat"]],
  ["sometimes I want to die", ["self-harm"]],
])("%s", (text, kinds) => {
  expect([...countListedWords(text).keys()]).toEqual(kinds);
});

test.each([
  "The assessment of the classic cocktail in Scunthorpe was about analysis.",
  "Dick asked the title of the book; 455 of them at $5.",
  "We have to kill the process, and your shitake is ready.",
  "Die Versicherung hat geantwortet.",
])("nothing is found in %s", (text) => {
  expect([...countListedWords(text).keys()]).toEqual([]);
});
