import {
  type AnswerThreshold,
  type QuestionResult,
  RETRIEVAL_MEASURES,
  type RetrievalMean,
  type RetrievalMeasureName,
} from "@treadle/contract";
import { estimateMean } from "@treadle/metrics";
import { quantile, spreadOf, suggestThreshold } from "./answer-threshold.ts";
import type { RunSummary } from "./run-summary.ts";

const LEVEL = 0.95;
type Results = readonly QuestionResult[];

/** The summary of all results of a run. Failed questions have no part in it, but are counted. */
export function summarize(results: Results, signal: AnswerThreshold["signal"]): RunSummary {
  const latencies = results.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  return {
    questions: results.length,
    failures: results.filter(({ error }) => error !== null).length,
    lostJudgements: results.reduce((sum, { lost }) => sum + lost, 0),
    measures: RETRIEVAL_MEASURES.map((measure) => meanOf(results, measure)),
    latencyP50Ms: quantile(latencies, 0.5),
    latencyP95Ms: quantile(latencies, 0.95),
    answerThreshold: thresholdOf(results, signal),
  };
}

function meanOf(results: Results, measure: RetrievalMeasureName): RetrievalMean {
  const values = results.flatMap(({ [measure]: value }) => (value === null ? [] : [value]));
  const estimate = estimateMean(values);
  const [low, high] = estimate?.interval ?? [];
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    measure,
    mean,
    // All of these lie between 0 and 1. Without a spread, nothing is known of other questions.
    interval:
      low === undefined || high === undefined || low === high
        ? null
        : { low: Math.max(0, low), high: Math.min(1, high), level: LEVEL },
    questions: values.length,
  };
}

/** Unanswerable questions have no judgements at all: questions whose judged hits are not relevant can still have an answer. */
function thresholdOf(results: Results, signal: AnswerThreshold["signal"]): AnswerThreshold {
  const scoresOf = (wanted: readonly QuestionResult[]) =>
    wanted.flatMap(({ topScore }) => (topScore === null ? [] : [topScore]));
  const answerable = scoresOf(results.filter(({ relevant }) => relevant > 0));
  const unanswerable = scoresOf(results.filter(({ isUnanswerable }) => isUnanswerable));
  return {
    signal,
    ...suggestThreshold({ answerable, unanswerable }),
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    answerableScores: spreadOf(answerable),
    unanswerableScores: spreadOf(unanswerable),
  };
}
