import { expect, test } from "vitest";
import { compareRuns } from "./compare.ts";

const cost = (base: readonly number[], head: readonly number[], margin: number) =>
  compareRuns({ kind: "number", test: "wilcoxon", higherIsBetter: false, base, head, margin });
const items = (length: number, value: number) => Array.from({ length }, () => value);

test("a cost that is higher by the same for each of many items is worse, with an interval that has no width", () => {
  expect(cost(items(20, 0.01), items(20, 0.03), 0.001)).toMatchObject({ verdict: "worse", moreItems: null });
  expect(cost(items(20, 0.01), items(20, 0.03), 0.001).interval?.map((end) => Number(end.toFixed(9)))).toEqual([
    0.02, 0.02,
  ]);
});

test("the same cost for each of many items is equivalent", () => {
  expect(cost(items(20, 0.01), items(20, 0.01), 0.001)).toMatchObject({ difference: 0, verdict: "equivalent" });
});

test("a few items that differ alike show nothing yet", () => {
  expect(cost(items(19, 0.01), items(19, 0.03), 0.001)).toMatchObject({ interval: null, verdict: "inconclusive" });
});
