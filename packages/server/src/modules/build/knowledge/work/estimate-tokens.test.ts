import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateTokens } from "./estimate-tokens.ts";

test("empty text and white space have no tokens", () => {
  expect(["", "   ", "\n\t\u00a0"].map(estimateTokens)).toEqual([0, 0, 0]);
});

test("a short word is a token, and a long word several", () => {
  expect(estimateTokens("the cat sat")).toBe(3);
  expect(estimateTokens("internationalization")).toBe(5);
  expect(estimateTokens("привет")).toBe(2);
});

test("each sign of scripts without spaces is a token", () => {
  expect(estimateTokens("漢字かな")).toBe(4);
  expect(estimateTokens("한국어")).toBe(3);
  expect(estimateTokens("สวัสดี")).toBe(6);
  expect(estimateTokens("abc漢字abc")).toBe(4);
});

test("punctuation and digits count", () => {
  expect(estimateTokens("a, b!")).toBe(4);
  expect(estimateTokens("2026")).toBe(2);
  expect(estimateTokens("3.14")).toBe(3);
});

test("more text never has fewer tokens", () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(estimateTokens(one + other)).toBeGreaterThanOrEqual(estimateTokens(one));
      expect(estimateTokens(one + other)).toBeLessThanOrEqual(estimateTokens(one) + estimateTokens(other));
    }),
    { numRuns: 2_000 },
  );
});

test("the estimate of a text with spaces is the sum of its words", () => {
  const words = "A refund, takes 12 days naïvely 漢字 и да".split(" ");
  expect(estimateTokens(words.join(" "))).toBe(words.reduce((sum, word) => sum + estimateTokens(word), 0));
});
