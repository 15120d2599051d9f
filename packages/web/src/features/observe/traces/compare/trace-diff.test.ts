import { expect, test } from "vitest";
import { alignLists, compareTexts } from "../../../../components/text/compare-texts.ts";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { diffTraces, isDifferent } from "./trace-diff.ts";

test("lists are paired in order, with what only one of them has in between", () => {
  expect(alignLists(["a", "b", "c"], ["a", "x", "c", "d"])).toEqual([
    [0, 0],
    [1, -1],
    [-1, 1],
    [2, 2],
    [-1, 3],
  ]);
  expect(alignLists([], ["a"])).toEqual([[-1, 0]]);
});

test("very long lists are paired too, each value as often as it comes", () => {
  const a = Array.from({ length: 3_000 }, (_, at) => `step ${at % 7}`);
  const b = [...a.slice(1), "last"];
  const pairs = alignLists(a, b);
  expect(pairs.filter(([left, right]) => left >= 0 && right >= 0)).toHaveLength(2_999);
  expect(pairs.filter(([left]) => left < 0)).toHaveLength(1);
});

test("two traces are laid over each other, with the steps that one lacks in their place", () => {
  const a = modelOf(
    columnsOf([
      ["1", "", 0, 100, { name: "agent" }],
      ["2", "1", 1, 10, { name: "plan" }],
      ["3", "1", 20, 10, { name: "search", status: "error" }],
      ["4", "3", 21, 1, { name: "http" }],
      ["5", "1", 40, 10, { name: "answer" }],
    ]),
  );
  const b = modelOf(
    columnsOf([
      ["1", "", 0, 100, { name: "agent" }],
      ["2", "1", 1, 10, { name: "search" }],
      ["3", "1", 20, 10, { name: "rerank" }],
      ["4", "1", 40, 10, { name: "answer" }],
    ]),
  );
  const rows = diffTraces(a, b);
  expect(rows.map((row) => [row.depth, a.names[row.a] ?? null, b.names[row.b] ?? null])).toEqual([
    [0, "agent", "agent"],
    [1, "plan", null],
    [1, "search", "search"],
    [2, "http", null],
    [1, null, "rerank"],
    [1, "answer", "answer"],
  ]);
  expect(rows.map((row) => isDifferent(row, a, b))).toEqual([false, true, true, true, true, false]);
});

test("texts are compared by words, and long ones by lines", () => {
  expect(compareTexts("the old answer", "the new answer")).toEqual([
    { kind: "same", text: "the " },
    { kind: "gone", text: "old" },
    { kind: "new", text: "new" },
    { kind: "same", text: " answer" },
  ]);
  const long = Array.from({ length: 400 }, (_, at) => `line ${at} of a long text`).join("\n");
  const changes = compareTexts(long, long.replace("line 7 ", "row 7 "));
  expect(changes.map(({ kind }) => kind)).toEqual(["same", "gone", "new", "same"]);
  expect(compareTexts("", "")).toEqual([]);
});
