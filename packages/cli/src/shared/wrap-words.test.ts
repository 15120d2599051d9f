import { expect, test } from "vitest";
import { wrapWords } from "./wrap-words.ts";

test("a sentence is cut between words at 80 columns, and set in from its second line on", () => {
  const text = `${"word ".repeat(30)}end`;
  const lines = wrapWords(text, "    ").split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.slice(1).every((line) => line.startsWith("    "))).toBe(true);
  expect(lines.map((line) => line.trim()).join(" ")).toBe(text);
});

test("short words stay on one line, and a long one is not cut", () => {
  expect(wrapWords("a b")).toBe("a b");
  const long = "x".repeat(100);
  expect(wrapWords(`see ${long} there`)).toBe(`see\n${long}\nthere`);
});
