import type { RetrievalRun } from "./use-retrieval-runs.ts";

type Measure = RetrievalRun["measures"][number]["measure"];
type Verdict = "better" | "worse" | "equivalent" | "inconclusive";

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  ndcg10: "nDCG@10",
  map: "MAP",
  mrr10: "MRR@10",
  hit1: "Hit@1",
  recall: "Recall",
  unjudged10: "Unjudged@10",
};

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  better: "Better",
  worse: "Worse",
  equivalent: "Equivalent",
  inconclusive: "No difference shown",
};
export const VERDICT_LOOKS: Readonly<Record<Verdict, string>> = {
  better: "text-good",
  worse: "text-bad",
  equivalent: "text-info",
  inconclusive: "text-muted",
};

/** Three decimals, or a dash for what has no value. */
export const formatShare = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : value.toFixed(3);

/** The same with its sign. */
export const formatDifference = (value: number | null): string =>
  value === null ? "–" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;

/** The ends of the interval of a difference: `−0.012 to +0.094`. Empty without an interval. */
export const intervalWords = (interval: { readonly low: number; readonly high: number } | null): string =>
  interval ? `${formatDifference(interval.low)} to ${formatDifference(interval.high)}` : "";
