import { expect, test } from "vitest";
import { itemInput, readSort, writeSort } from "./item-columns.tsx";

test("each order of the API is a column and a direction, and back", () => {
  for (const sort of ["score", "-score", "regression", "improvement", "latency", "-cost", undefined])
    expect(writeSort(readSort(sort))).toBe(sort);
  expect(readSort("regression")).toEqual({ order: "change", direction: "asc" });
});

test("what an item asks is read from its inputs, whatever they are", () => {
  expect(itemInput({ inputs: { question: "Where?" } })).toBe("Where?");
  expect(itemInput({ inputs: "plain" })).toBe("plain");
  expect(itemInput({ inputs: null })).toBe("");
});
