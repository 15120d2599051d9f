import { z } from "zod";
import { Interval, RunSource } from "./experiment-runs.ts";
import { Timestamp } from "./pages.ts";
import { ScorerOutput } from "./scorers.ts";

export const VERDICTS = ["better", "worse", "equivalent", "inconclusive"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A run as a comparison names it. */
export const RunHead = z.object({
  runId: z.string(),
  name: z.string(),
  experimentId: z.string().nullable(),
  experimentName: z.string().nullable(),
  source: RunSource,
  createdAt: Timestamp,
});
export type RunHead = z.infer<typeof RunHead>;

/** One number of two runs, over the items that both have it for. */
export const PairedComparison = z.object({
  items: z.number().describe("Pairs; repeats of an item are averaged first."),
  leftOut: z.number().describe("Items without a value on one side or both."),
  meanBase: z.number().nullable(),
  meanHead: z.number().nullable(),
  difference: z.number().nullable().describe("Head minus base."),
  interval: Interval.nullable().describe("Of the difference."),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("By Holm, over all scorers and heads of this comparison."),
  test: z.string().describe("Such as `mcnemar-exact`; empty when there was nothing to test."),
  effectSize: z.number().nullable().describe("The difference in standard deviations of the pairs."),
  minimumDetectableEffect: z.number().nullable().describe("Smaller differences these pairs cannot tell apart."),
  margin: z.number().describe("Differences within it do not matter."),
  verdict: z.enum(VERDICTS),
  moreItems: z
    .number()
    .nullable()
    .describe("About so many more would decide; null when it is decided or cannot be told."),
  better: z.number().describe("Items."),
  worse: z.number(),
});
export type PairedComparison = z.infer<typeof PairedComparison>;

export const ScorerComparison = PairedComparison.extend({
  scorer: z.string().describe("Its key."),
  name: z.string(),
  direction: ScorerOutput.shape.direction,
  isSameScorer: z
    .boolean()
    .describe("False when the two runs were not scored in the same way, so that nothing is decided."),
});
export type ScorerComparison = z.infer<typeof ScorerComparison>;

/** What an answer took, of two runs. */
export const MeasureComparison = PairedComparison.extend({
  verdict: z
    .enum(VERDICTS)
    .nullable()
    .describe("Null when there is nothing to compare: no item has it in both runs, or each has the same in both."),
});
export type MeasureComparison = z.infer<typeof MeasureComparison>;

export const HeadComparison = z.object({
  run: RunHead,
  scorers: z.array(ScorerComparison),
  costUsd: MeasureComparison.describe("For each item; lower is better."),
  latencyMs: MeasureComparison.describe("For each item; lower is better."),
  shared: z.number().describe("Items that both runs have."),
  onlyBase: z.number(),
  onlyHead: z.number(),
  errorsBase: z.number(),
  errorsHead: z.number(),
  warnings: z.array(z.string()),
});
export type HeadComparison = z.infer<typeof HeadComparison>;

export const RunComparison = z.object({ base: RunHead, heads: z.array(HeadComparison), alpha: z.number() });
export type RunComparison = z.infer<typeof RunComparison>;

/** The items of a run that share a value of their metadata. */
export const RunSlice = z.object({
  field: z.string(),
  value: z.string(),
  items: z.number(),
  mean: z.number(),
  meanInterval: Interval.nullable().describe(
    "Of the mean alone: Wilson's of a yes or no, Student's otherwise; null where it cannot be told.",
  ),
  reference: z.number().describe("The mean in the base run, or over the other items when there is none."),
  difference: z.number(),
  interval: Interval.nullable(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("By Holm, over all slices."),
  verdict: z.enum(VERDICTS),
});
export type RunSlice = z.infer<typeof RunSlice>;

export const RunSlices = z.object({
  scorer: z.string(),
  fields: z.array(z.string()).describe("Fields of the metadata that slice the items."),
  items: z.array(RunSlice).describe("The worst first."),
  worst: RunSlice.nullable().describe("The worst of those that are worse, after the correction."),
});
export type RunSlices = z.infer<typeof RunSlices>;

export const FrontierPoint = z.object({
  run: RunHead,
  quality: z.number().nullable(),
  interval: Interval.nullable(),
  items: z.number(),
  costUsd: z.number().nullable().describe("For each answer."),
  latencyMs: z.number().nullable().describe("The median."),
  isOnFrontier: z.boolean().describe("No other run is at least as good and cheaper."),
  isNotWorse: z
    .boolean()
    .nullable()
    .describe("Than the best run by `margin`, decided on pairs; null when it cannot be."),
  differenceToBest: z.number().nullable(),
  lowestDifference: z.number().nullable().describe("The lower end of its interval."),
});
export const Frontier = z.object({
  scorer: z.string(),
  margin: z.number(),
  best: z.string().nullable().describe("The run with the highest quality."),
  cheapest: z.string().nullable().describe("The cheapest run that is not worse than the best by `margin`."),
  points: z.array(FrontierPoint),
});
export type Frontier = z.infer<typeof Frontier>;

export const LeaderboardRow = z.object({
  rank: z.number().describe("Rows that cannot be told apart share one."),
  run: RunHead,
  value: z
    .number()
    .nullable()
    .describe("The score, or the strength of Bradley and Terry; null for one that never loses or never wins."),
  interval: Interval.nullable(),
  items: z.number(),
  wins: z.number().nullable().describe("Of pairwise ranking: items won, ties counted by half."),
  costUsd: z.number().nullable().describe("For each answer."),
  latencyMs: z.number().nullable(),
});
export const Leaderboard = z.object({
  scorer: z.string(),
  by: z.enum(["score", "pairwise"]),
  items: z.array(LeaderboardRow),
  warnings: z.array(z.string()),
});
export type Leaderboard = z.infer<typeof Leaderboard>;
