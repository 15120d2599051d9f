import { CHART_KINDS, Chart } from "@treadle/contract";
import { expect, test } from "vitest";
import { addChart, changeKind, copyChart, newChart, ofLastUnit, putBack } from "./chart-edits.ts";

test("whatever a chart becomes, the server takes it", () => {
  for (const first of CHART_KINDS)
    for (const second of CHART_KINDS) {
      const chart = changeKind(changeKind(newChart(), first), second);
      expect(Chart.safeParse(chart).error?.issues, `${first} to ${second}`).toBeUndefined();
    }
});

test("groups stay with the chart from kind to kind, and lines keep the measures of one axis", () => {
  const base = newChart();
  const table: Chart = {
    ...base,
    kind: "table",
    query: { ...base.query, measures: ["costUsd", "count"], dimensions: ["user", "model"] },
  };
  expect(changeKind(table, "line").query).toMatchObject({
    measures: ["costUsd"],
    dimensions: ["time", "user", "model"],
  });
  expect(changeKind(table, "heatmap").query).toMatchObject({ measures: ["costUsd"], dimensions: ["user", "model"] });
});

test("a measure of another unit takes the place of those on the axis", () => {
  expect(ofLastUnit(["count", "errors", "costUsd"])).toEqual(["costUsd"]);
  expect(ofLastUnit(["count", "errors"])).toEqual(["count", "errors"]);
  expect(ofLastUnit([])).toEqual([]);
});

test("a copy is below everything with a new id", () => {
  const first = newChart();
  const [, copy] = copyChart([first], first);
  expect(copy?.id).not.toBe(first.id);
  expect(copy?.layout).toEqual({ x: 0, y: 6, w: 6, h: 6 });
});

test("a chart that is put back lies where it was, once", () => {
  const [first, second] = addChart([newChart()], newChart());
  if (!first || !second) throw new Error("two charts were made");
  const back = putBack([{ ...second, layout: { ...second.layout, y: 0 } }], first);
  expect(back.find(({ id }) => id === first.id)?.layout).toEqual(first.layout);
  expect(back.find(({ id }) => id === second.id)?.layout).toEqual(second.layout);
  expect(putBack(back, first)).toHaveLength(2);
});
