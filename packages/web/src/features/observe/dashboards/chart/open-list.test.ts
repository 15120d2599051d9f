import type { Chart } from "@treadle/contract";
import { expect, test } from "vitest";
import { listBehind } from "./open-list.ts";

const time = { from: "2026-03-01T00:00:00.000Z", to: "2026-03-02T00:00:00.000Z" };
const chart = (where: Chart["query"]["where"]): Chart => ({
  id: "c",
  title: "",
  kind: "line",
  query: { where, measures: ["count"], dimensions: ["time", "model"], limit: 10, rest: "other" },
  layout: { x: 0, y: 0, w: 6, h: 6 },
});
const shared = { time, stepSeconds: null, measure: "count" };

test("a list has the filter of the chart, the filter of the page, and the clicked group", () => {
  const list = listBehind(chart({ filter: "a OR b" }), "environment:production", {
    ...shared,
    group: { model: "gpt-4o" },
  });
  expect(list).toEqual({ view: "spans", filter: "(a OR b) (environment:production) model:gpt-4o", ...time });
});

test("a step of time opens that step alone, and a measure opens what it is about", () => {
  const group = { time: "2026-03-01T06:00:00.000Z" };
  expect(listBehind(chart({}), "", { ...shared, group, stepSeconds: 3600, measure: "errors" })).toEqual({
    view: "spans",
    filter: "status:error",
    from: "2026-03-01T06:00:00.000Z",
    to: "2026-03-01T07:00:00.000Z",
  });
  expect(listBehind(chart({}), "", { ...shared, group: {}, measure: "latencyP95Ms" })).toMatchObject({
    order: "durationMs",
  });
});

test("the others are the fields without a separate place", () => {
  const named = [{ model: "a" }, { model: "b" }];
  expect(listBehind(chart({}), "", { ...shared, group: { model: "" }, isOther: true, named }).filter).toBe(
    "-model:a,b",
  );
});

test("a filter that names its fields one by one opens the same list", () => {
  const where = { status: "error", userId: "ada", minDurationMs: 200, rootsOnly: true };
  expect(listBehind(chart(where), "", { ...shared, group: {} }).filter).toBe(
    "status:error user:ada latency>=200ms is:root",
  );
});
