import { expect, test } from "vitest";
import { countOf } from "./count-of.ts";

test("a count agrees with its word", () => {
  expect([0, 1, 2].map((count) => countOf(count, "cell"))).toEqual(["0 cells", "1 cell", "2 cells"]);
  expect(countOf(2, "entry", "entries")).toBe("2 entries");
});
