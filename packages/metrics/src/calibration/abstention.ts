import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { type Confidences, mustBeConfidences } from "./reliability.ts";

/** What is wrong among the most confident answers when `coverage` of all are given. */
export type RiskPoint = { readonly coverage: number; readonly risk: number };

/**
 * The risk at each number of answers given, the most confident first. Among answers of one confidence the order is
 * open: they bring errors at the same pace, which is what they bring on average.
 */
export function riskCoverage(answers: Confidences): RiskPoint[] {
  mustBeConfidences(answers);
  const { confidence, correct } = answers;
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0));
  const points: RiskPoint[] = [];
  let errors = 0;
  for (let start = 0; start < order.length; ) {
    const level = confidence[order[start] ?? 0];
    let end = start;
    let wrong = 0;
    for (; end < order.length && confidence[order[end] ?? 0] === level; end += 1)
      wrong += correct[order[end] ?? 0] ? 0 : 1;
    for (let at = start; at < end; at += 1) {
      const given = at + 1;
      const risk = (errors + (wrong * (given - start)) / (end - start)) / given;
      points.push({ coverage: given / order.length, risk });
    }
    errors += wrong;
    start = end;
  }
  return points;
}

/** The mean risk over all coverages: how well confidence tells what to keep silent about. Lower is better. */
export function riskCoverageArea(answers: Confidences): Measured {
  const signature = signatureOf("aurc", { ties: "mean" });
  if (answers.confidence.length === 0) return undefinedBecause("There is no answer.", signature);
  return defined(meanRisk(riskCoverage(answers)), signature);
}

/**
 * The area above the area of the best order, in which every error comes last. It is 0 if confidence sorts perfectly.
 */
export function excessRiskCoverageArea(answers: Confidences): Measured {
  const signature = signatureOf("excess_aurc", { ties: "mean" });
  if (answers.confidence.length === 0) return undefinedBecause("There is no answer.", signature);
  const points = riskCoverage(answers);
  const right = answers.correct.filter(Boolean).length;
  const best = points.map(({ coverage }, at) => ({ coverage, risk: Math.max(0, at + 1 - right) / (at + 1) }));
  return defined(Math.max(0, meanRisk(points) - meanRisk(best)), signature);
}

const meanRisk = (points: readonly RiskPoint[]): number =>
  points.reduce((sum, { risk }) => sum + risk, 0) / points.length;
