import { expect, test } from "vitest";
import { columnsOf } from "../testing/columns.ts";
import { criticalPath } from "./critical-path.ts";
import { modelOf } from "./trace-model.ts";

function pathOf(rows: Parameters<typeof columnsOf>[0]) {
  const model = modelOf(columnsOf(rows));
  const { isOn, ownMs } = criticalPath(model);
  return Object.fromEntries(model.ids.flatMap((id, place) => (isOn[place] === 1 ? [[id, ownMs[place]]] : [])));
}

test("of two concurrent steps, the one that ends last is on the critical path; its own time excludes its children", () => {
  expect(
    pathOf([
      ["root", "", 0, 100],
      ["short", "root", 10, 30],
      ["long", "root", 10, 80],
      ["inside", "long", 20, 50],
    ]),
  ).toEqual({ root: 20, long: 30, inside: 50 });
});

test("steps one after the other are all waited for, and the shares add up to the whole", () => {
  const path = pathOf([
    ["root", "", 0, 100],
    ["one", "root", 0, 40],
    ["two", "root", 45, 50],
  ]);
  expect(path).toEqual({ root: 10, one: 40, two: 50 });
});

test("what ends after its parent counts up to the parent's end only", () => {
  expect(
    pathOf([
      ["root", "", 0, 100],
      ["task", "root", 50, 500],
      ["end", "", 550, 10],
    ]),
  ).toEqual({ root: 50, task: 50, end: 10 });
});
