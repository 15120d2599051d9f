import { correctedRate, createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import type { DayCount } from "./compute-status.ts";
import { computeJudge, estimateJudge } from "./estimate-judge.ts";

const OBJECTIVE = 0.9;
/** A judge with a sensitivity of 95 % and a specificity of 70 %, as in docs/guide/judges.md. */
const COUNTS = { truePositives: 57, falseNegatives: 3, trueNegatives: 35, falsePositives: 15 };
const BASIS = {
  kind: "calibration",
  sourceId: "cal_1",
  scorerId: "scr_1",
  version: 2,
  measuredAt: "2026-11-01T00:00:00.000Z",
} as const;
const errors = (counts = COUNTS) => ({ counts, basis: BASIS, warnings: ["old"] });
const day = (name: string, [requests, judged, judgedBad]: readonly [number, number, number]): DayCount => ({
  day: name,
  requests,
  n: judged,
  bad: judgedBad,
  judged,
  judgedBad,
});

test("a judge's errors are taken out of the share of good requests", () => {
  const judge = computeJudge(OBJECTIVE, [day("2026-11-20", [1_000, 1_000, 440])], errors());
  expect(judge).toMatchObject({
    judged: 1_000,
    judgedBad: 440,
    effective: 1_000,
    reason: "",
    warnings: ["old"],
    basis: { ...BASIS, pairs: 110 },
  });
  expect(judge.weighted?.good).toBeCloseTo(0.56, 12);
  // (0.56 + 0.7 − 1) / (0.95 + 0.7 − 1). The interval is section 2.2 of Lang and Reiczigel (2014), computed in Python.
  expect(judge.corrected?.good).toBeCloseTo(0.4, 12);
  expect(judge.corrected?.lower).toBeCloseTo(0.2507054082060792, 9);
  expect(judge.corrected?.upper).toBeCloseTo(0.5206923937359157, 9);
  expect(judge.corrected?.budgetLeft).toBeCloseTo(1 - 0.6 / 0.1, 9);
  expect(judge.sensitivity?.value).toBeCloseTo(0.95, 12);
  expect(judge.sensitivity?.lower).toBeCloseTo(0.8629948352365147, 9);
  expect(judge.specificity?.upper).toBeCloseTo(0.8089644649911906, 9);
});

test("days count with all their requests, and unequal samples widen the interval", () => {
  // 50 % and 90 % of equally many requests are good. The judged requests alone would say 86 %.
  const days = [day("2026-11-18", [1_000, 10, 5]), day("2026-11-19", [1_000, 100, 10]), day("2026-11-20", [50, 0, 0])];
  const judge = computeJudge(OBJECTIVE, days, errors());
  expect(judge).toMatchObject({ judged: 110, judgedBad: 15, missingDays: 1 });
  // Kish's effective size: 2,000² / (1,000² / 10 + 1,000² / 100).
  expect(judge.effective).toBeCloseTo(36.36363636363637, 9);
  expect(judge.weighted?.good).toBeCloseTo(0.7, 12);
  // Wilson's interval of 70 % of 36.36.
  expect(judge.weighted?.lower).toBeCloseTo(0.5379573282539026, 9);
  expect(judge.weighted?.upper).toBeCloseTo(0.8238240449468622, 9);
  expect(judge.corrected?.good).toBeCloseTo(0.6153846153846153, 9);
  expect(judge.corrected?.lower).toBeCloseTo(0.3359565156734007, 9);
  expect(judge.corrected?.upper).toBeCloseTo(0.8363328309069306, 9);
});

test("no number is given for a judge that is no better than chance, or was not measured", () => {
  const days = [day("2026-11-20", [1_000, 200, 100])];
  const random = { truePositives: 30, falseNegatives: 30, trueNegatives: 25, falsePositives: 25 };
  expect(computeJudge(OBJECTIVE, days, errors(random))).toMatchObject({
    weighted: { good: 0.5 },
    corrected: null,
    sensitivity: { value: 0.5 },
    specificity: { value: 0.5 },
    reason: expect.stringContaining("no better than chance"),
  });
  const withoutFails = { ...COUNTS, trueNegatives: 0, falsePositives: 0 };
  expect(computeJudge(OBJECTIVE, days, errors(withoutFails))).toMatchObject({
    corrected: null,
    specificity: null,
    reason: expect.stringContaining("specificity is not known"),
  });
  expect(computeJudge(OBJECTIVE, days, { reason: "No judge was calibrated." })).toMatchObject({
    weighted: { good: 0.5 },
    corrected: null,
    sensitivity: null,
    basis: null,
    reason: "No judge was calibrated.",
  });
  expect(computeJudge(OBJECTIVE, [day("2026-11-20", [10, 0, 0])], errors())).toMatchObject({
    weighted: null,
    corrected: null,
    reason: "No request was judged by a scorer.",
  });
});

test("only a score has a judge, whose errors are asked for since the first day of the window", async () => {
  const asked: unknown[] = [];
  const judgeErrorsOf = async (...of: unknown[]) => {
    asked.push(of);
    return errors();
  };
  const now = Date.parse("2026-11-20T12:00:00.000Z");
  const days = [day("2026-10-01", [10, 10, 10]), day("2026-11-14", [100, 50, 10]), day("2026-11-20", [100, 50, 10])];
  const of = (indicator: Parameters<typeof estimateJudge>[2]["goal"]["indicator"]) => ({
    goal: { objective: OBJECTIVE, windowDays: 7 as const, indicator },
    counts: { days, windows: [] },
    now,
  });
  expect(await estimateJudge({ judgeErrorsOf }, "proj_1", of({ kind: "availability" }))).toBeNull();
  const judge = await estimateJudge({ judgeErrorsOf }, "proj_1", of({ kind: "score", score: "helpful", least: 0.7 }));
  expect(judge).toMatchObject({ judged: 100, judgedBad: 20 });
  expect(asked).toEqual([["proj_1", { score: "helpful", least: 0.7, from: new Date("2026-11-14T00:00:00.000Z") }]]);
});

test("the corrected interval holds the true share of a changing traffic, where the judged requests alone do not", () => {
  const random = createRandom(7);
  const ROUNDS = 400;
  let [held, rawHeld] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const sensitivity = 0.8 + 0.15 * random.next();
    const specificity = 0.7 + 0.2 * random.next();
    const counts = labelled(random, sensitivity, specificity);
    const traffic = Array.from({ length: 7 }, (_, at) => {
      const [requests, judged] = [1_000 + at * 500, at < 5 ? 40 : 400];
      const good = 0.6 + 0.05 * at;
      const passed = drawn(random, judged, good * sensitivity + (1 - good) * (1 - specificity));
      return { good, count: day(`2026-11-1${at}`, [requests, judged, judged - passed]) };
    });
    const requests = traffic.reduce((sum, { count }) => sum + count.requests, 0);
    const truth = traffic.reduce((sum, { good, count }) => sum + good * count.requests, 0) / requests;
    const judge = computeJudge(
      OBJECTIVE,
      traffic.map(({ count }) => count),
      errors(counts),
    );
    const { corrected } = judge;
    if (corrected && corrected.lower <= truth && truth <= corrected.upper) held += 1;
    const raw = correctedRate({ positives: judge.judged - judge.judgedBad, judged: judge.judged }, counts).raw;
    if (raw && raw.interval[0] <= truth && truth <= raw.interval[1]) rawHeld += 1;
  }
  expect(held / ROUNDS).toBeGreaterThanOrEqual(0.93);
  expect(rawHeld / ROUNDS).toBeLessThan(0.5);
});

type Random = ReturnType<typeof createRandom>;
const drawn = (random: Random, trials: number, probability: number): number =>
  Array.from({ length: trials }, () => random.next()).filter((value) => value < probability).length;

function labelled(random: Random, sensitivity: number, specificity: number): typeof COUNTS {
  const [truePositives, trueNegatives] = [drawn(random, 80, sensitivity), drawn(random, 60, specificity)];
  return { truePositives, falseNegatives: 80 - truePositives, trueNegatives, falsePositives: 60 - trueNegatives };
}
