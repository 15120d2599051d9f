import { expect, test } from "vitest";
import { measureRaters } from "./measure-raters.ts";

// The table of Krippendorff's alpha in Wikipedia: three coders, fifteen units, some of them missing.
const A = [null, null, null, null, null, 3, 4, 1, 2, 1, 1, 3, 3, null, 3];
const B = [1, null, 2, 1, 3, 3, 4, 3, null, null, null, null, null, null, null];
const C = [null, null, 2, 1, 3, 4, 4, null, 2, 1, 1, 3, 3, null, 4];
const units = A.map((_, at) => [A[at] ?? null, B[at] ?? null, C[at] ?? null]);

test("three people with gaps have Krippendorff's published alpha, inside its interval, and no Fleiss' kappa", () => {
  const nominal = measureRaters({ units, level: "nominal", isPair: false });
  expect(nominal.alpha.value).toBeCloseTo(0.691358024691358, 12);
  expect(measureRaters({ units, level: "ordinal", isPair: false }).alpha.value).toBeCloseTo(0.8067214199413153, 12);
  const [low, high] = nominal.alpha.interval ?? [Number.NaN, Number.NaN];
  expect(low).toBeLessThan(0.691358024691358);
  expect(high).toBeGreaterThan(0.691358024691358);
  expect(nominal.kappaKind).toBe("fleiss");
  expect(nominal.kappa).toMatchObject({ value: null, reason: expect.stringContaining("ratings") });
});

test("two people have Cohen's kappa, with squared weights for steps", () => {
  const actual = [0, 1, 2, 2, 1, 0, 1, 2, 0, 3];
  const predicted = [0, 2, 2, 2, 1, 0, 0, 1, 0, 1];
  const pairs = actual.map((label, at) => [label, predicted[at] ?? null]);
  expect(measureRaters({ units: pairs, level: "nominal", isPair: true }).kappa.value).toBeCloseTo(
    0.42857142857142855,
    12,
  );
  expect(measureRaters({ units: pairs, level: "ordinal", isPair: true }).kappa.value).toBeCloseTo(
    0.5977011494252873,
    12,
  );
});
