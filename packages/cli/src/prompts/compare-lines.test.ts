import { expect, test } from "vitest";
import { compareLines } from "./compare-lines.ts";

test("the same text has no difference", () => {
  expect(compareLines("a\nb", "a\nb")).toEqual([]);
});

test("changes have three lines of context, as in diff -u", () => {
  const lines = Array.from({ length: 20 }, (_, at) => String(at + 1));
  const after = lines.map((line) => (line === "10" ? "ten" : line)).concat("21");
  expect(compareLines(lines.join("\n"), after.join("\n"))).toEqual([
    "@@ -7,7 +7,7 @@",
    ...[" 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13"],
    "@@ -18,3 +18,4 @@",
    ...[" 18", " 19", " 20", "+21"],
  ]);
});

test("changes close to each other are one hunk", () => {
  const hunks = compareLines("a\nb\nc\nd\ne", "A\nb\nc\nd\nE").filter((line) => line.startsWith("@@"));
  expect(hunks).toEqual(["@@ -1,5 +1,5 @@"]);
});

test("a large text is compared without going through all pairs of lines", () => {
  const many = (word: string) => Array.from({ length: 5_000 }, (_, at) => `${word} ${at}`).join("\n");
  const startedAt = performance.now();
  expect(compareLines(many("a"), many("b"))).toHaveLength(10_001);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
