import { expect, test } from "vitest";
import { foldAt } from "./folded-text.tsx";

test("a long text is folded after 24 lines, at the end of a line", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const text = lines.join("\n");
  expect(text.slice(0, foldAt(text)).split("\n")).toEqual(lines.slice(0, 24));
});

test("one endless line is folded too, and what is only a little too long is not", () => {
  expect(foldAt("x".repeat(10_000))).toBe(2_400);
  expect(foldAt("x".repeat(2_500))).toBe(2_500);
  expect(foldAt("short")).toBe(5);
});
