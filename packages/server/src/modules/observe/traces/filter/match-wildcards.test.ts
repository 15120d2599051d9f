import { escapeFilterValue } from "@treadle/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { containsPattern, matchesPattern } from "./match-wildcards.ts";

const part = fc.string({ unit: fc.constantFrom("a", "b", "A", "*", "\\", ".", "\n"), maxLength: 3 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "A", "*", "\\", ".", "\n"), maxLength: 12 });
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const inner = (given: readonly string[]) =>
  given.map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join(".*");
const patternOf = (given: readonly string[]) => given.map(escapeFilterValue).join("*");

test("a pattern matches the texts that the same regular expression matches", () => {
  fc.assert(
    fc.property(parts, text, (given, found) => {
      expect(matchesPattern(found, patternOf(given))).toBe(new RegExp(`^${inner(given)}$`, "s").test(found));
      expect(containsPattern(found, patternOf(given))).toBe(new RegExp(inner(given), "is").test(found));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["ab", "a*b", true],
  ["ab", "ab*ab", false],
  ["aba", "ab*ba", false],
  ["abba", "ab*ba", true],
  ["a*b", "a\\*b", true],
  ["axb", "a\\*b", false],
  ["", "*", true],
])("%j against %s: %s", (found, pattern, isMatch) => {
  expect(matchesPattern(found, pattern)).toBe(isMatch);
});

test("many wildcards over a long text do not multiply the time", () => {
  const long = "a".repeat(200_000);
  const many = `${"a*".repeat(200)}b`;
  const startedAt = performance.now();
  expect(matchesPattern(long, many)).toBe(false);
  expect(containsPattern(long, many)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
