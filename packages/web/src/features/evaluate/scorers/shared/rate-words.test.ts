import { expect, test } from "vitest";
import { correctedOf, estimateWords, isPassRate, rateName } from "./rate-words.ts";

const estimate = (value: number | null) => ({
  value,
  interval: value === null ? null : { low: value - 0.1, high: value + 0.1, level: 0.95 },
  reason: value === null ? "There is none." : "",
});
const calibration = {
  calibrationId: "cal_1",
  scorerId: "scr_1",
  version: 1,
  calibratedAt: "2026-01-01T00:00:00Z",
  pairs: 40,
  scale: "pass" as const,
  passAt: 0.5,
};

test("a pass rate is a percentage, a mean is not, and a missing value is not zero", () => {
  expect(estimateWords(estimate(0.4), true)).toEqual({ value: "40.0%", range: "[30.0%, 50.0%]" });
  expect(estimateWords(estimate(0.4), false)).toEqual({ value: "0.400", range: "[0.300, 0.500]" });
  expect(estimateWords(estimate(null), true)).toEqual({ value: "–", range: "" });
});

test("the Rogan-Gladen estimate is preferred if there is one", () => {
  const [corrected, predictionPowered] = [estimate(0.4), estimate(0.41)];
  expect(correctedOf({ corrected, predictionPowered })?.way).toBe("Rogan-Gladen");
  expect(correctedOf({ corrected: estimate(null), predictionPowered })).toMatchObject({
    way: "prediction-powered",
    estimate: predictionPowered,
  });
  expect(correctedOf({ corrected: estimate(null), predictionPowered: estimate(null) })).toBeNull();
});

test("a rate at a threshold names the threshold", () => {
  expect(rateName(calibration)).toBe("share of scores of at least 0.5");
  expect(rateName({ ...calibration, passAt: null })).toBe("");
  expect(rateName(null)).toBe("");
  expect([isPassRate(calibration), isPassRate({ ...calibration, scale: "number" }), isPassRate(null)]).toEqual([
    ...[true, false, false],
  ]);
});
