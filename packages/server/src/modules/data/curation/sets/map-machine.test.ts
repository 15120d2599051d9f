import { mix } from "@treadle/metrics";
import { expect, test } from "vitest";
import { createMapMachine } from "./map-machine.ts";

const SIZE = 32;
const noise = (seed: number) => Array.from({ length: SIZE }, (_, index) => mix(seed * 1_009 + index) / 2 ** 31);
/** Rows around `topics` topics, one after the other. */
const rowsOf = (count: number, topics: number) =>
  Array.from({ length: count }, (_, row) => {
    const topic = noise(1_000_000 + (row % topics));
    return noise(row).map((number, index) => (topic[index] ?? 0) + 0.4 * number);
  });
const mapOf = (rows: readonly number[][], method: "neighbours" | "axes", clusters: number) => {
  const machine = createMapMachine({ method, clusters });
  machine.add(rows);
  return machine.finish();
};

test.each([
  { method: "neighbours", count: 900 },
  { method: "neighbours", count: 3_600 },
] as const)("with $method, nearly all of $count rows are next to a row of the same topic", ({ method, count }) => {
  const topics = 9;
  const { x, y } = mapOf(rowsOf(count, topics), method, topics);
  let own = 0;
  for (let row = 0; row < 300; row++) {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    for (let other = 0; other < count; other++) {
      const distance = ((x[row] ?? 0) - (x[other] ?? 0)) ** 2 + ((y[row] ?? 0) - (y[other] ?? 0)) ** 2;
      if (other !== row && distance < least) [nearest, least] = [other, distance];
    }
    if (nearest % topics === row % topics) own++;
  }
  expect(own).toBeGreaterThan(285);
});

test("the first axis is the one along which rows differ most", () => {
  const rows = Array.from({ length: 200 }, (_, row) => [1, (row % 20) / 10 - 1, (row % 3) / 50, 0.01 * (row % 2)]);
  const { x, y } = mapOf(rows, "axes", 2);
  const spread = (numbers: Float32Array) => Math.max(...numbers) - Math.min(...numbers);
  expect(spread(x)).toBeGreaterThan(3 * spread(y));
});

test("clusters are counted by size, and the same vectors give the same map", () => {
  const rows = [...rowsOf(60, 1), ...rowsOf(400, 2).filter((_, row) => row % 2 === 1)];
  const { clusters, x } = mapOf(rows, "neighbours", 2);
  expect(clusters.filter((cluster) => cluster === 0)).toHaveLength(200);
  expect(new Set(clusters.subarray(60)).size).toBe(1);
  expect([...mapOf(rows, "neighbours", 2).x]).toEqual([...x]);
});

test.each([0, 1, 2, 3])("a map of %d rows has as many places", (count) => {
  const { x, clusters } = mapOf(rowsOf(count, 1), "neighbours", 5);
  expect(x).toHaveLength(count);
  expect([...x].every(Number.isFinite)).toBe(true);
  expect(clusters).toHaveLength(count);
});
