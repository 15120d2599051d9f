import fc from "fast-check";
import { expect, test } from "vitest";
import { createVectorTable } from "./vector-table.ts";

const DIMENSIONS = 6;
const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS });
const direction = vector.filter((values) => values.some((value) => value !== 0));

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("the search returns the allowed rows with the highest cosine", () => {
  fc.assert(
    fc.property(fc.array(direction, { minLength: 1, maxLength: 30 }), direction, fc.integer(), (rows, query, seed) => {
      const table = createVectorTable({ dimensions: DIMENSIONS, rows: Float32Array.from(rows.flat()) });
      const allowed = Uint8Array.from(rows, (_, row) => (row * 7 + seed) & 1);
      const expected = rows
        .flatMap((row, ordinal) => (allowed[ordinal] === 1 ? [cosine(row, query)] : []))
        .sort((a, b) => b - a)
        .slice(0, 5);
      const results = table.search(query, { limit: 5, allowed });
      expect(results).toHaveLength(expected.length);
      for (const [at, { ordinal, score }] of results.entries()) {
        expect(allowed[ordinal]).toBe(1);
        expect(score).toBeCloseTo(cosine(rows[ordinal] ?? [], query), 5);
        expect(score).toBeCloseTo(expected[at] ?? Number.NaN, 5);
      }
    }),
    { seed: 3 },
  );
});

test("equal rows are ordered by ordinal, and only the first of them fit the limit", () => {
  const table = createVectorTable({ dimensions: 2, rows: Float32Array.of(0, 1, 1, 0, 1, 0, 1, 0) });
  expect(table.search([2, 0], { limit: 2 })).toEqual([
    { ordinal: 1, score: 1 },
    { ordinal: 2, score: 1 },
  ]);
  expect(table.similarity(0, 1)).toBe(0);
});

test("rows are normalized in a copy, so the array of the caller stays as it is", () => {
  const rows = Float32Array.of(3, 4);
  expect(createVectorTable({ dimensions: 2, rows }).search([3, 4], { limit: 1 })[0]?.score).toBeCloseTo(1, 6);
  expect([...rows]).toEqual([3, 4]);
});

test("wrong dimensions, vectors without direction and values that are not finite are rejected", () => {
  const table = createVectorTable({ dimensions: 2, rows: Float32Array.of(1, 0) });
  expect(() => createVectorTable({ dimensions: 0, rows: new Float32Array() })).toThrow("have 0 dimensions");
  expect(() => createVectorTable({ dimensions: 2, rows: new Float32Array(3) })).toThrow("3 values do not divide");
  expect(() => createVectorTable({ dimensions: 2, rows: Float32Array.of(1, 0, 0, 0) })).toThrow("Row 1 is all zeros");
  expect(() => createVectorTable({ dimensions: 1, rows: Float32Array.of(Number.NaN) })).toThrow("Row 0 has a value");
  expect(() => table.search([1], { limit: 1 })).toThrow("The query has 1 dimensions, the table has 2");
  expect(() => table.search([0, 0], { limit: 1 })).toThrow("The query is all zeros");
  expect(() => table.search([1, Number.POSITIVE_INFINITY], { limit: 1 })).toThrow("not finite");
  expect(() => table.search([1, 0], { limit: 1, allowed: new Uint8Array(2) })).toThrow("2 entries for 1 rows");
  expect(() => table.search([1, 0], { limit: 1.5 })).toThrow("The limit is 1.5");
  expect(() => table.similarity(0, 1)).toThrow("There is no row 1");
});
