import type { DatasetStats } from "@treadle/contract";
import { expect, test } from "vitest";
import { columnsFor, readSort, valueAt, writeSort } from "./item-columns.tsx";

const stats = (fields: DatasetStats["fields"]): DatasetStats => ({
  rows: 2,
  bytes: 10,
  splits: [],
  sources: [],
  fields,
  labels: null,
});
const shown = (fields: DatasetStats["fields"]) =>
  columnsFor(stats(fields))
    .filter(({ isExtra }) => !isExtra)
    .map(({ header }) => header);

test("a few plain inputs get one column each, and a conversation is one text", () => {
  expect(
    shown([
      { field: "inputs.question", type: "string", rows: 2 },
      { field: "inputs.context", type: "string", rows: 2 },
    ]),
  ).toEqual(["#", "question", "context", "Expected", "Split", "Source"]);
  expect(
    shown([
      { field: "inputs.messages", type: "array", rows: 2 },
      { field: "inputs.tools", type: "array", rows: 1 },
      { field: "metadata.topic", type: "string", rows: 2 },
    ]),
  ).toEqual(["#", "Input", "Expected", "topic", "Split", "Source"]);
  expect(shown([{ field: "inputs.text", type: "string", rows: 2 }])).toEqual([
    "#",
    "text",
    "Expected",
    "Split",
    "Source",
  ]);
});

test("a field path finds its value, even if the key contains dots", () => {
  const row = { inputs: { a: { b: 1 } }, metadata: { "x.y": 2 }, expected: { label: "z" } };
  expect(valueAt(row, "inputs.a.b")).toBe(1);
  expect(valueAt(row, "metadata.x.y")).toBe(2);
  expect(valueAt(row, "expected.label")).toBe("z");
  expect(valueAt(row, "expected")).toEqual({ label: "z" });
  expect(valueAt(row, "inputs.a.none.b")).toBeUndefined();
});

test("the order survives a round trip through the address", () => {
  expect(readSort(undefined)).toEqual({ order: "position", direction: "asc" });
  expect(writeSort(readSort("-metadata.score"))).toBe("-metadata.score");
  expect(writeSort(readSort("split"))).toBe("split");
  expect(writeSort({ order: "position", direction: "desc" })).toBeUndefined();
});
