import { createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import { concludeSweep } from "./conclude-sweep.ts";
import { whyPrune } from "./prune.ts";
import { drawSettings, fromAxis, gridSettings, gridSize } from "./space.ts";
import { suggest } from "./suggest.ts";
import type { Seen, Space } from "./trial.ts";

const space: Space = {
  rate: { min: 1e-5, max: 1e-1, log: true, whole: false },
  rank: { min: 2, max: 64, log: false, whole: true },
  kind: { values: ["a", "b", "c"] },
};

test("what is drawn lies within its range, as a whole number where it has to be one", () => {
  const random = createRandom(7);
  for (let draw = 0; draw < 2_000; draw += 1) {
    const { rate, rank, kind } = drawSettings(space, random);
    expect(Number(rate)).toBeGreaterThanOrEqual(1e-5);
    expect(Number(rate)).toBeLessThanOrEqual(1e-1);
    expect(Number.isInteger(rank)).toBe(true);
    expect(["a", "b", "c"]).toContain(kind);
  }
});

test("a range of powers is drawn evenly in powers: half of it below the middle one", () => {
  const random = createRandom(3);
  const draws = Array.from({ length: 4_000 }, () => Number(drawSettings(space, random).rate));
  const below = draws.filter((rate) => rate < 1e-3).length / draws.length;
  expect(Math.abs(below - 0.5)).toBeLessThan(0.03);
});

test("a whole number never leaves its range by rounding", () => {
  const whole = { min: 1.2, max: 3.8, log: false, whole: true };
  expect([fromAxis(whole, 1.2), fromAxis(whole, 3.8)]).toEqual([2, 3]);
});

test("a grid has every combination once, the ends of a range among them", () => {
  const size = gridSize(space);
  const all = Array.from({ length: size }, (_, number) => gridSettings(space, number));
  expect(size).toBe(4 * 4 * 3);
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(size);
  expect(new Set(all.map(({ rank }) => rank))).toEqual(new Set([2, 23, 43, 64]));
  expect(
    suggest(
      { space, method: "grid", trials: 500, seed: 1 },
      Array.from({ length: size }, () => done({}, 1)),
    ),
  ).toBeNull();
});

const done = (params: Seen["params"], value: number): Seen => ({ params, status: "done", value, reports: [] });

/** A loss whose best place is rate 1e-3, rank 20, kind b. */
const loss = ({ rate, rank, kind }: Seen["params"]) =>
  Math.log10(Number(rate) / 1e-3) ** 2 + ((Number(rank) - 20) / 20) ** 2 + (kind === "b" ? 0 : 1);

function bestAfter(method: "tpe" | "random", seed: number, trials: number): number {
  const history: Seen[] = [];
  for (let params = suggest({ space, method, trials, seed }, history); params !== null; ) {
    history.push(done(params, loss(params)));
    params = suggest({ space, method, trials, seed }, history);
  }
  return Math.min(...history.map(({ value }) => value ?? 0));
}

test("TPE comes nearer to the best than drawing does, over 40 searches", () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
  const wins = seeds.filter((seed) => bestAfter("tpe", seed, 60) < bestAfter("random", seed, 60)).length;
  // A coin would win 28 or more of 40 in less than one case of a hundred.
  expect(wins).toBeGreaterThanOrEqual(28);
});

test("the same search with the same history suggests the same", () => {
  const history = Array.from({ length: 12 }, (_, at) => done(gridSettings(space, at), at));
  const search = { space, method: "tpe" as const, trials: 50, seed: 9 };
  expect(suggest(search, history)).toEqual(suggest(search, history));
  expect(suggest({ ...search, seed: 10 }, history)).not.toEqual(suggest(search, history));
});

const curve = (values: readonly number[], status: Seen["status"] = "done"): Seen => ({
  params: {},
  status,
  value: Math.min(...values),
  reports: values.map((value, at) => [(at + 1) * 10, value] as const),
});

test("the median rule waits for four runs, and then breaks off what is worse than half of them", () => {
  const others = [curve([1, 0.5]), curve([2, 1]), curve([3, 2]), curve([4, 3])];
  const ask = (values: readonly number[], among: readonly Seen[]) =>
    whyPrune({ pruner: "median", trial: curve(values, "running"), others: among, every: 10 });
  expect(ask([2.6], others)).toContain("worse than the median 2.500 of 4 runs");
  expect(ask([2.4], others)).toBeNull();
  expect(ask([2.6], others.slice(1))).toBeNull();
  // The best earlier value counts, not the current value.
  expect(ask([1, 9], others)).toBeNull();
});

test("successive halving decides only at its rungs, and the best always continue", () => {
  const others = [curve([1, 1, 1]), curve([2, 2, 2]), curve([3, 3, 3])];
  const ask = (values: readonly number[]) =>
    whyPrune({ pruner: "asha", trial: curve(values, "running"), others, every: 10 });
  expect(ask([1.5])).toContain("not among the best 1 of 4");
  expect(ask([0.5])).toBeNull();
  // Step 20 is not a rung: 10 and 30 are.
  expect(ask([1.5, 1.5])).toBeNull();
  expect(ask([1.5, 1.5, 1.5])).toContain("At step 30");
});

test("a metric that is no number any more ends a run under every rule but none", () => {
  const trial = curve([Number.NaN], "running");
  expect(whyPrune({ pruner: "asha", trial, others: [], every: 10 })).toContain("no longer a number");
  expect(whyPrune({ pruner: "none", trial, others: [], every: 10 })).toBeNull();
});

const trial = (number: number, value: number, more: object = {}) => ({
  number,
  role: "search" as const,
  params: { rate: number % 2, other: 5 },
  seed: 1,
  status: "done" as const,
  trainingRunId: null,
  value,
  seconds: 10,
  reports: [],
  message: "",
  ...more,
});

test("a setting that decides everything explains nearly all of the variance, and a constant setting has no share", () => {
  const trials = Array.from({ length: 20 }, (_, at) => trial(at, (at % 2) * 10 + at / 100));
  const { importance, best, warnings } = concludeSweep(trials, { direction: "min", repeats: 0 });
  expect(best).toBe(0);
  expect(importance.map(({ setting }) => setting)).toEqual(["rate"]);
  expect(importance[0]?.share).toBeGreaterThan(0.99);
  expect(warnings.some((text) => text.includes("mostly chance"))).toBe(false);
});

test("a setting that means nothing has a share near none, however many groups it makes", () => {
  const random = createRandom(5);
  const shares = Array.from({ length: 200 }, () => {
    const trials = Array.from({ length: 24 }, (_, at) =>
      trial(at, random.normal(), { params: { rate: random.next() } }),
    );
    return concludeSweep(trials, { direction: "min", repeats: 0 }).importance[0]?.share ?? 0;
  });
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.06);
});

test("the front contains the trials that no other trial beats in both value and time", () => {
  const trials = [
    trial(0, 3, { seconds: 1 }),
    trial(1, 2, { seconds: 5 }),
    trial(2, 2.5, { seconds: 6 }),
    trial(3, 1, { seconds: 9 }),
    trial(4, 0.5, { seconds: 2, status: "pruned" }),
  ];
  expect(concludeSweep(trials, { direction: "min", repeats: 0 }).front).toEqual([0, 1, 3]);
  expect(concludeSweep(trials, { direction: "max", repeats: 0 }).front).toEqual([0]);
});

test("without a trial that ended nothing is claimed", () => {
  expect(concludeSweep([trial(0, 1, { status: "failed" })], { direction: "min", repeats: 3 })).toEqual({
    best: null,
    value: null,
    repeats: null,
    importance: [],
    front: [],
    warnings: [],
  });
});
