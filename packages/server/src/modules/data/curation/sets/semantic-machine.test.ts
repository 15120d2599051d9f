import { createNearTest, createVectors, mix } from "@treadle/metrics";
import { expect, test } from "vitest";
import { createSemanticMachine } from "./semantic-machine.ts";
import { createSpreadMachine } from "./spread-machine.ts";

const SIZE = 96;
/** Numbers that look like a normal distribution, the same for a seed. */
const noise = (seed: number) =>
  Array.from({ length: SIZE }, (_, index) => {
    let sum = 0;
    for (let draw = 0; draw < 4; draw++) sum += mix(seed * 1_009 + index * 4 + draw) / 2 ** 32;
    return sum;
  });
const near = (vector: readonly number[], seed: number, share: number) => {
  const other = noise(seed);
  return vector.map((number, index) => number + share * (other[index] ?? 0));
};
const cosine = (one: readonly number[], two: readonly number[]) => {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, number, at) => sum + number * (b[at] ?? 0), 0);
  return dot(one, two) / Math.sqrt(dot(one, one) * dot(two, two));
};

test("the cosine of stored vectors is right to a ten-thousandth, and a value below the threshold is recognized", () => {
  const vectors = createVectors();
  const [one, two, three] = [noise(1), near(noise(1), 2, 0.2), noise(3)];
  for (const vector of [one, two, three]) vectors.add(vector);
  const cosineFrom = createNearTest(vectors.get());
  expect(Math.abs(cosineFrom(0.9, 0, 1) - cosine(one, two))).toBeLessThan(1e-4);
  expect(Math.abs(cosineFrom(-1, 0, 2) - cosine(one, three))).toBeLessThan(1e-4);
  expect(cosineFrom(0.9, 0, 2)).toBe(-1);
});

test("vectors of different lengths are refused", () => {
  expect(() =>
    createSemanticMachine({ threshold: 0.9 }).add(
      [
        [1, 0],
        [1, 0, 0],
      ],
      [],
    ),
  ).toThrow(RangeError);
});

test("among few rows every pair that is near enough is found, and the one of most worth kept", () => {
  const machine = createSemanticMachine({ threshold: 0.95 });
  const rows = [noise(1), noise(2), near(noise(1), 9, 0.15), noise(3), near(noise(2), 8, 0.15)];
  machine.add(rows, [0, 0, 1, 0, 0]);
  const { groups, keptRows, similarities } = machine.finish();
  expect([...groups]).toEqual([0, 1, 0, -1, 1]);
  expect([...keptRows]).toEqual([2, -1, -1, -1, 1]);
  expect(similarities[0]).toBeCloseTo(cosine(rows[0] ?? [], rows[2] ?? []), 3);
});

test("among many rows in cells at least 98 of 100 planted ones are found, and no row that was not planted", () => {
  const machine = createSemanticMachine({ threshold: 0.95 });
  const [originals, planted] = [6_000, 300];
  // As texts do, the rows lie around some topics.
  const original = (seed: number) => near(noise(1_000_000 + (seed % 40)), seed, 1);
  for (let seed = 0; seed < originals; seed++) machine.add([original(seed)], [0]);
  for (let seed = 0; seed < planted; seed++) machine.add([near(original(seed), 2_000_000 + seed, 0.2)], [0]);
  const { keptRows } = machine.finish();
  expect([...keptRows.subarray(0, originals)].filter((row) => row >= 0)).toEqual([]);
  const keptCount = [...keptRows.subarray(originals)].filter((row, index) => row === index).length;
  expect(keptCount).toBeGreaterThanOrEqual(Math.ceil(planted * 0.98));
});

test("a row that is far from every topic lies furthest from them", () => {
  const machine = createSpreadMachine({ topics: 3 });
  machine.add(Array.from({ length: 300 }, (_, seed) => near(noise(5_000_000 + (seed % 3)), seed, 0.3)));
  machine.add([noise(77)]);
  const distances = machine.finish();
  expect(distances.indexOf(Math.max(...distances))).toBe(300);
});
