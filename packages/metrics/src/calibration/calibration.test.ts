import fc from "fast-check";
import { expect, test } from "vitest";
import { excessRiskCoverageArea, riskCoverage, riskCoverageArea } from "./abstention.ts";
import {
  adaptiveBins,
  adaptiveCalibrationError,
  calibrationErrorFromStats,
  calibrationStats,
  expectedCalibrationError,
  reliabilityBins,
} from "./reliability.ts";
import { atTemperature, fitConfidenceTemperature, fitTemperature } from "./temperature.ts";

const answers = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 60 })
  .map((rows) => ({ confidence: rows.map(([sure]) => sure), correct: rows.map(([, right]) => right) }));
const turned = <T extends { confidence: number[]; correct: boolean[] }>(one: T) => ({
  confidence: one.confidence.toReversed(),
  correct: one.correct.toReversed(),
});

test("a confidence on an edge is in the bin that the rule says, and the rule is in the signature", () => {
  const half = { confidence: [0, 0.5, 1], correct: [0, 1, 1] as const };
  const counts = (edges: "(l,u]" | "[l,u)") => reliabilityBins(half, { bins: 2, edges }).map(({ count }) => count);
  expect(counts("(l,u]")).toEqual([2, 1]);
  expect(counts("[l,u)")).toEqual([1, 2]);
  expect(expectedCalibrationError(half, { bins: 2, edges: "[l,u)" }).signature).toBe(
    "ece|bins:2|edges:[l,u)|version:1",
  );
  expect(reliabilityBins(half, { bins: 3 })[1]).toMatchObject({ count: 1, confidence: 0.5, accuracy: 1 });
});

test("bins hold every answer once, an empty one has no means, and the errors lie between 0 and 1", () => {
  fc.assert(
    fc.property(answers, fc.integer({ min: 1, max: 20 }), (given, bins) => {
      const total = given.confidence.length;
      const even = reliabilityBins(given, { bins });
      expect(even.length).toBe(bins);
      for (const made of [even, adaptiveBins(given, bins)]) {
        expect(made.reduce((sum, { count }) => sum + count, 0)).toBe(total);
        for (const bin of made) expect(bin.confidence === null).toBe(bin.count === 0);
      }
      for (const metric of [expectedCalibrationError(given, { bins }), adaptiveCalibrationError(given, bins)]) {
        if (total === 0) expect(metric).toMatchObject({ value: null, reason: "There is no answer." });
        else expect(metric.value).toSatisfy((error: number) => error >= 0 && error <= 1);
      }
    }),
    { seed: 21 },
  );
});

test("the order of the answers changes nothing, equal confidences or not", () => {
  const coarse = answers.map((one) => ({ ...one, confidence: one.confidence.map((sure) => Math.round(sure * 4) / 4) }));
  fc.assert(
    fc.property(coarse, (given) => {
      const metrics = [adaptiveCalibrationError, expectedCalibrationError, riskCoverageArea, excessRiskCoverageArea];
      for (const metric of metrics) {
        expect(metric(turned(given)).value ?? -1).toBeCloseTo(metric(given).value ?? -1, 12);
      }
    }),
    { seed: 22 },
  );
});

test("confidence that sorts every error last has no excess, and the risk of all answers is their error rate", () => {
  const sorted = { confidence: [0.9, 0.8, 0.7, 0.2], correct: [1, 1, 1, 0] as const };
  expect(excessRiskCoverageArea(sorted).value).toBe(0);
  expect(riskCoverage(sorted).at(-1)).toEqual({ coverage: 1, risk: 0.25 });
  expect(excessRiskCoverageArea({ ...sorted, confidence: [0.1, 0.2, 0.3, 0.9] }).value).toBeGreaterThan(0.3);
});

test("the stats of answers add up to the error of all of them", () => {
  fc.assert(
    fc.property(answers, ({ confidence, correct }) => {
      const options = { bins: 7, edges: "[l,u)" } as const;
      const sum = new Array<number>(21).fill(0);
      for (const [at, sure] of confidence.entries()) {
        const stats = calibrationStats(sure, correct[at] ?? false, options);
        for (const [place, value] of stats.entries()) sum[place] = (sum[place] ?? 0) + value;
      }
      const [summed, whole] = [
        calibrationErrorFromStats(sum, options),
        expectedCalibrationError({ confidence, correct }, options),
      ];
      expect({ ...summed, value: null }).toEqual({ ...whole, value: null });
      expect(summed.value ?? -1).toBeCloseTo(whole.value ?? -1, 12);
    }),
    { seed: 23 },
  );
  expect(() => calibrationErrorFromStats([1, 2])).toThrow("15 bins have 45 stats, not 2");
});

test("a temperature that was put on is found again", () => {
  const logits: number[][] = [];
  const actual: number[] = [];
  // Each score as often right as its softmax at temperature 2 says: 88 of 100 for a difference of 4, 73 for one of 2.
  for (const [gap, right] of [
    [4, 8808],
    [2, 7311],
  ] as const) {
    for (let at = 0; at < 10_000; at += 1) {
      logits.push([gap, 0]);
      actual.push(at < right ? 0 : 1);
    }
  }
  const fit = fitTemperature({ logits, actual });
  expect(fit.temperature).toBeCloseTo(2, 3);
  expect(fit.lossAfter ?? 1).toBeLessThan(fit.lossBefore ?? 0);
  expect(atTemperature(1 / (1 + Math.exp(-4)), 2)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
});

test("without errors, or with scores that do not point to the truth, no temperature is best", () => {
  expect(fitTemperature({ logits: [[3, 1]], actual: [0] })).toMatchObject({ temperature: null, lossAfter: null });
  expect(fitTemperature({ logits: [[3, 1]], actual: [1] }).reason).toContain("do not point to the truth");
  expect(fitTemperature({ logits: [], actual: [] }).reason).toBe("There is no answer.");
  const sure = fitConfidenceTemperature({ confidence: [0.99, 0.99, 0.99, 0.99], correct: [1, 1, 1, 0] });
  expect(atTemperature(0.99, sure.temperature ?? 1)).toBeCloseTo(0.75, 9);
});

test("what is no confidence, no number of bins and no class is refused", () => {
  expect(() => expectedCalibrationError({ confidence: [1.5], correct: [1] })).toThrow("Confidence 0 is 1.5");
  expect(() => expectedCalibrationError({ confidence: [], correct: [] }, { bins: 0 })).toThrow("Give 1 or more");
  expect(() => riskCoverageArea({ confidence: [0.5], correct: [] })).toThrow("differ in length: 1 and 0");
  expect(() => fitTemperature({ logits: [[1, 2]], actual: [2] })).toThrow("Row 0 has no class 2");
  expect(() => fitTemperature({ logits: [[1, Number.NaN]], actual: [0] })).toThrow("not finite");
  expect(() => atTemperature(0.5, 0)).toThrow("It must be more than 0");
});
