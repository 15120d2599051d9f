import { expect, test } from "vitest";
import { itemInput, readSort, writeSort } from "./item-columns.tsx";

test("each API order converts to a column and a direction, and back", () => {
  for (const sort of ["score", "-score", "regression", "improvement", "latency", "-cost", undefined])
    expect(writeSort(readSort(sort))).toBe(sort);
  expect(readSort("regression")).toEqual({ order: "change", direction: "asc" });
});

test("the input text of an item is read from inputs of any type", () => {
  expect(itemInput({ inputs: { question: "Where?" } })).toBe("Where?");
  expect(itemInput({ inputs: "plain" })).toBe("plain");
  expect(itemInput({ inputs: null })).toBe("");
});
