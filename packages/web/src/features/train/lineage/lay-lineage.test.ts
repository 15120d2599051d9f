import { expect, test } from "vitest";
import { layLineage } from "./lay-lineage.ts";

const lay = (links: readonly (readonly [string, string])[], alone: readonly string[] = []) => {
  const ids = [...new Set([...links.flat(), ...alone])];
  const laid = layLineage(
    ids.map((id) => ({ id })),
    links.map(([from, to]) => ({ from, to })),
  );
  return laid.map((column) => column.map(({ id }) => id).join(" "));
};

test("each step is placed after all its inputs", () => {
  expect(
    lay([
      ["rows", "set"],
      ["set", "run"],
      ["run", "version"],
      ["version", "answer"],
    ]),
  ).toEqual(["rows", "set", "run", "version", "answer"]);
  expect(
    lay([
      ["a", "c"],
      ["a", "b"],
      ["b", "c"],
    ]),
  ).toEqual(["a", "b", "c"]);
});

test("a late input is placed next to its result, not at the far left", () => {
  expect(
    lay([
      ["rows", "set"],
      ["set", "run"],
      ["base", "run"],
    ]),
  ).toEqual(["rows", "set base", "run"]);
});

test("a step without links has a column, and a cycle ends", () => {
  expect(lay([], ["only"])).toEqual(["only"]);
  expect(
    lay([
      ["a", "b"],
      ["b", "a"],
    ])
      .join(" ")
      .split(" ")
      .toSorted(),
  ).toEqual(["a", "b"]);
  expect(lay([])).toEqual([]);
});
