import { expect, test } from "vitest";
import { jaccard } from "./set-pool.ts";
import { bareWords, shinglesOf } from "./shingles.ts";

const words = (size: number) => ({ unit: "word", size, ignoreNumbers: false }) as const;

test("words are compared without case, punctuation and marks on letters", () => {
  expect(bareWords("  Café, “naïve” — OK?  ", false)).toEqual(["cafe", "naive", "ok"]);
});

test("numbers are the same only when asked for", () => {
  expect(bareWords("Pay 12 of 1999", false)).toEqual(["pay", "12", "of", "1999"]);
  expect(bareWords("Pay 12 of 1999", true)).toEqual(["pay", "0", "of", "0"]);
});

test("characters of scripts without blanks are words, next to words of other scripts", () => {
  expect(bareWords("GPT模型です", false)).toEqual(["gpt", "模", "型", "て", "す"]);
});

test("a text of n words has n − 4 runs of five, each once and ascending", () => {
  const shingles = shinglesOf("one two three four five six seven", words(5));
  expect(shingles).toHaveLength(3);
  expect([...shingles]).toEqual([...shingles].toSorted((one, two) => one - two));
  expect(shinglesOf("la la la la la la la la", words(5))).toHaveLength(1);
});

test("a text that is shorter than a run is one piece, and one without words none", () => {
  expect(shinglesOf("only two", words(5))).toHaveLength(1);
  expect(shinglesOf("… !", words(5))).toHaveLength(0);
});

test("the order of words in a run counts", () => {
  expect(jaccard(shinglesOf("a b c", words(3)), shinglesOf("c b a", words(3)))).toBe(0);
});

test("the similarity of two texts equals the similarity of their shingles", () => {
  // Runs of two: ab bc cd de, ab bc cx xe; two of six in common.
  expect(jaccard(shinglesOf("a b c d e", words(2)), shinglesOf("a b c x e", words(2)))).toBeCloseTo(2 / 6, 10);
  // Characters in threes: abc bcd, abc bce.
  const characters = { unit: "character", size: 3, ignoreNumbers: false } as const;
  expect(jaccard(shinglesOf("abcd", characters), shinglesOf("abce", characters))).toBeCloseTo(1 / 3, 10);
});
