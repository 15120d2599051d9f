import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { jensenShannonDistance } from "./divergence.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { maximumMeanDiscrepancy } from "./mmd.ts";
import { psi, psiOfCounts, psiOfShares } from "./psi.ts";
import { psiOfLabels } from "./psi-of-labels.ts";
import { mmdWitness } from "./witness.ts";

const weights = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 12 });
const sample = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 40 });
const normals = (count: number, shift: number, seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.normal() + shift);
};

test("the Jensen–Shannon distance is symmetric, within 0 and 1, and 0 for equal shares", () => {
  fc.assert(
    fc.property(weights, (pairs) => {
      const [p, q] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
      const { value } = jensenShannonDistance(p, q);
      if (value === null) return;
      expect(jensenShannonDistance(q, p).value).toBeCloseTo(value, 12);
      expect(value).toSatisfy((distance: number) => distance >= 0 && distance <= 1 + 1e-12);
      expect(
        jensenShannonDistance(
          p,
          p.map((one) => one * 4),
        ).value,
      ).toBeCloseTo(0, 7);
    }),
    { seed: 61 },
  );
  expect(jensenShannonDistance([0, 0], [1, 2])).toMatchObject({ value: null });
  expect(() => jensenShannonDistance([-1], [1])).toThrow("-1 is no weight");
});

test("the Kolmogorov–Smirnov distance is symmetric and 0 with p 1 for equal samples", () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const [there, back] = [kolmogorovSmirnov(a, b), kolmogorovSmirnov(b, a)];
      expect(back.distance).toBe(there.distance);
      expect(back.pValue).toBeCloseTo(there.pValue ?? -1, 10);
      expect(kolmogorovSmirnov(a, a.toReversed())).toMatchObject({ distance: 0, pValue: 1 });
    }),
    { seed: 62 },
  );
  expect(kolmogorovSmirnov([], [1])).toMatchObject({ distance: null, pValue: null });
  expect(() => kolmogorovSmirnov([Number.NaN], [1])).toThrow("Value 0 is NaN");
});

test("samples too large for an exact count are reported as approximated, and a change in them is detected", () => {
  const [a, b] = [normals(20_000, 0, 1), normals(10_000, 0, 2)];
  expect(kolmogorovSmirnov(a, b)).toMatchObject({ signature: "ks|p:asymptotic|version:1" });
  expect(kolmogorovSmirnov(a, b).pValue).toBeGreaterThan(0.01);
  expect(kolmogorovSmirnov(a, normals(10_000, 0.1, 3)).pValue).toBeLessThan(1e-10);
});

test("a stability index of one source is about its noise, and its p-value is small one time in twenty", () => {
  let [alarms, excess] = [0, 0];
  for (let seed = 1; seed <= 400; seed += 1) {
    const { pValue, value, noise } = psi(normals(400, 0, seed), normals(150, 0, seed + 1000));
    if ((pValue ?? 1) < 0.05) alarms += 1;
    excess += (value ?? 0) - (noise ?? 0);
  }
  expect(alarms / 400).toBeLessThan(0.09);
  expect(Math.abs(excess / 400)).toBeLessThan(0.02);
  expect(psi(normals(400, 0, 1), normals(150, 1, 2)).pValue).toBeLessThan(1e-6);
});

test("the index of shares is symmetric and 0 for equal ones, and an empty bin does not make it infinite", () => {
  const [e, a] = [
    [0.1, 0.2, 0.7],
    [0.3, 0.3, 0.4],
  ];
  expect(psiOfShares(e, a).value).toBeCloseTo(psiOfShares(a, e).value ?? -1, 12);
  expect(psiOfShares(e, e)).toMatchObject({ value: 0, noise: null, signature: "psi|bins:3|epsilon:0.0001|version:1" });
  expect(psiOfCounts([10, 0], [0, 10]).value).toBeCloseTo(2 * 0.9999 * Math.log(1e4), 9);
});

test("the index is open without values, or where one bin holds all categories", () => {
  expect(psi([], [1]).reason).toBe("One of the two samples is empty.");
  expect(psiOfCounts([3], [4]).reason).toContain("in one bin");
  expect(psiOfShares([], []).value).toBeNull();
  expect(psi([2, 2, 2], [2, 2])).toMatchObject({ value: 0, pValue: 1 });
  expect(() => psiOfShares([0.5], [1.5])).toThrow("1.5 is no share");
  expect(() => psiOfCounts([1, 0.5], [1, 1])).toThrow("0.5 is no count");
  expect(() => psi([1], [1], { bins: 1 })).toThrow("Give 2 or more");
});

test("the mean discrepancy sees a shift that no single number shows, and the same seed gives the same p-value", () => {
  const cloud = (count: number, shift: number, seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: count }, () => Array.from({ length: 8 }, () => random.normal() + shift));
  };
  const testShift = (shift: number) =>
    maximumMeanDiscrepancy({ reference: cloud(60, 0, 1), current: cloud(50, shift, 2) }, { random: createRandom(3) });
  expect(testShift(0).pValue).toBeGreaterThan(0.05);
  expect(testShift(0.7)).toMatchObject({ pValue: 1 / 201, reason: null });
  expect(testShift(0)).toEqual(testShift(0));
});

test("the mean discrepancy of one source raises an alarm about one time in twenty", () => {
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = createRandom(seed);
    const draw = () => Array.from({ length: 20 }, () => [random.normal(), random.normal()]);
    const { pValue } = maximumMeanDiscrepancy({ reference: draw(), current: draw() }, { random, permutations: 99 });
    if ((pValue ?? 1) <= 0.05) alarms += 1;
  }
  expect(alarms / 200).toBeLessThan(0.1);
  expect(alarms).toBeGreaterThan(0);
});

test("vectors that are all the same, too few or of different lengths have no discrepancy", () => {
  const random = createRandom(1);
  const same = [
    [1, 1],
    [1, 1],
  ];
  expect(maximumMeanDiscrepancy({ reference: same, current: same }, { random }).reason).toBe(
    "All vectors are the same.",
  );
  expect(maximumMeanDiscrepancy({ reference: [], current: same }, { random }).value).toBeNull();
  expect(() => maximumMeanDiscrepancy({ reference: same, current: [[1], [2]] }, { random })).toThrow(
    "Vector 2 has 1 numbers",
  );
  const many = Array.from({ length: 30 }, (_, at) => [at % 7, at % 3]);
  const drawn = maximumMeanDiscrepancy({ reference: many, current: many }, { random, atMost: 10, permutations: 5 });
  expect(drawn).toMatchObject({ signature: expect.stringContaining("at_most:10"), reason: null });
});

test("the witness is highest for what is there now and was not before, and tells nothing where nothing differs", () => {
  const random = createRandom(11);
  const near = (x: number) => [x + random.normal(), random.normal()];
  const reference = Array.from({ length: 80 }, () => near(0));
  const current = Array.from({ length: 60 }, (_, at) => near(at < 10 ? 6 : 0));
  const witness = mmdWitness({ reference, current });
  const first = [...witness.keys()].sort((one, other) => (witness[other] ?? 0) - (witness[one] ?? 0)).slice(0, 10);
  expect(first.sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...mmdWitness({ reference: [[1], [1]], current: [[1], [1]] })]).toEqual([0, 0]);
  expect([...mmdWitness({ reference: [], current: [[1], [2]] })]).toEqual([0, 0]);
});

test("the mean of the witness of one point each is what the kernel says", () => {
  // Distances 1, 1 and 2, of which 1 is the median: the kernel is exp(−½) and exp(−2).
  const [first = 0, second = 0] = mmdWitness({ reference: [[0]], current: [[1], [2]] });
  expect(first).toBeCloseTo(Math.exp(-0.5) - Math.exp(-0.5), 12);
  expect(second).toBeCloseTo(Math.exp(-0.5) - Math.exp(-2), 12);
});

test("many rare labels of one source raise an alarm in about 1 of 20 cases, and a new frequent label always", () => {
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = createRandom(seed);
    const draw = (count: number) => Array.from({ length: count }, () => `label ${Math.floor(60 * random.next() ** 3)}`);
    const { pValue } = psiOfLabels(draw(50), draw(40), { random, permutations: 99 });
    if ((pValue ?? 1) <= 0.05) alarms += 1;
  }
  expect(alarms / 200).toBeLessThan(0.1);
  expect(alarms).toBeGreaterThan(0);
  const random = createRandom(1);
  const [before, now] = [new Array(50).fill("a"), [...new Array(30).fill("a"), ...new Array(20).fill("b")]];
  expect(psiOfLabels(before, now, { random })).toMatchObject({ pValue: 1 / 201, reason: null });
  expect(psiOfLabels(["a"], ["a"], { random }).value).toBeNull();
  expect(psiOfLabels([], ["a"], { random }).reason).toBe("One of the two samples is empty.");
});
