import { expect, test } from "vitest";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { layLanes, spanAt } from "./flame-lanes.ts";

const model = modelOf(
  columnsOf([
    ["root", "", 0, 100],
    ["one", "root", 10, 30],
    ["beside", "root", 20, 30],
    ["inside", "one", 25, 10],
    ["two", "root", 60, 30],
  ]),
);

test("concurrent spans are in different lanes, each below its parent, and a lane is reused when it is free", () => {
  const { laneOf, lanes } = layLanes(model);
  const lines = Object.fromEntries(model.ids.map((id, place) => [id, laneOf[place]]));
  expect(lines).toEqual({ root: 0, one: 1, beside: 2, inside: 3, two: 1 });
  expect(lanes.map((lane) => lane.map((place) => model.ids[place]))).toEqual([
    ["root"],
    ["one", "two"],
    ["beside"],
    ["inside"],
  ]);
});

test("the span under the pointer is found on its line, and none where none ran", () => {
  const { lanes } = layLanes(model);
  const at = (ms: number, giveMs = 0) => model.ids[spanAt(model, lanes[1] ?? [], { ms, giveMs })];
  expect([at(5), at(10), at(45), at(41, 2), at(75), at(99)]).toEqual([
    undefined,
    "one",
    undefined,
    "one",
    "two",
    undefined,
  ]);
});
