import { z } from "zod";
import { pageOf, Timestamp } from "../pages.ts";
import { Interval, RunSource } from "./experiment-runs.ts";
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
  items: z.number().describe("The number of pairs. Repeats of an item are averaged first."),
  leftOut: z.number().describe("The number of items without a value in one run or both."),
  meanBase: z.number().nullable(),
  meanHead: z.number().nullable(),
  difference: z.number().nullable().describe("The head's value minus the base's value."),
  interval: Interval.nullable().describe("The interval of the difference."),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("Corrected by Holm over all scorers and heads of this comparison."),
  test: z.string().describe("For example `mcnemar-exact`. Empty if there was nothing to test."),
  effectSize: z.number().nullable().describe("The difference in standard deviations of the pairs."),
  minimumDetectableEffect: z.number().nullable().describe("The smallest difference that these pairs can detect."),
  margin: z.number().describe("The largest difference that does not matter."),
  verdict: z.enum(VERDICTS),
  moreItems: z.number().nullable().describe("About this many more items would decide. Null if decided or unknown."),
  better: z.number().describe("The number of items that score better."),
  worse: z.number(),
});
export type PairedComparison = z.infer<typeof PairedComparison>;

export const ScorerComparison = PairedComparison.extend({
  scorer: z.string().describe("The scorer's key."),
  name: z.string(),
  direction: ScorerOutput.shape.direction,
  isSameScorer: z.boolean().describe("False if the runs were scored with different methods. Then there is no verdict."),
});
export type ScorerComparison = z.infer<typeof ScorerComparison>;

/** What an answer took, of two runs. */
export const MeasureComparison = PairedComparison.extend({
  verdict: z
    .enum(VERDICTS)
    .nullable()
    .describe("Null if there is nothing to compare: no item has the value in both runs, or all values are equal."),
});
export type MeasureComparison = z.infer<typeof MeasureComparison>;

export const HeadComparison = z.object({
  run: RunHead,
  scorers: z.array(ScorerComparison),
  costUsd: MeasureComparison.describe("Per item. Lower is better."),
  latencyMs: MeasureComparison.describe("Per item. Lower is better."),
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
    "The interval of the mean alone: Wilson for booleans, otherwise Student. Null if it cannot be computed.",
  ),
  reference: z.number().describe("The mean in the base run. Without a base run, the mean over the other items."),
  difference: z.number(),
  interval: Interval.nullable(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("Corrected by Holm over all slices."),
  verdict: z.enum(VERDICTS),
});
export type RunSlice = z.infer<typeof RunSlice>;

export const RunSlices = pageOf(RunSlice).extend({
  scorer: z.string(),
  fields: z.array(z.string()).describe("Fields of the metadata that slice the items."),
  worst: RunSlice.nullable().describe("The worst of those that are worse, after the correction."),
});
export type RunSlices = z.infer<typeof RunSlices>;

export const FrontierPoint = z.object({
  run: RunHead,
  quality: z.number().nullable(),
  interval: Interval.nullable(),
  items: z.number(),
  costUsd: z.number().nullable().describe("Per answer."),
  latencyMs: z.number().nullable().describe("The median."),
  isOnFrontier: z.boolean().describe("No other run is at least as good and cheaper."),
  isNotWorse: z
    .boolean()
    .nullable()
    .describe("Not worse than the best run by more than `margin`, decided on pairs. Null if undecided."),
  differenceToBest: z.number().nullable(),
  lowestDifference: z.number().nullable().describe("The lower end of the interval."),
});
export const Frontier = z.object({
  scorer: z.string(),
  margin: z.number(),
  best: z.string().nullable().describe("The run with the highest quality."),
  cheapest: z
    .string()
    .nullable()
    .describe("The cheapest run that is not worse than the best run by more than `margin`."),
  points: z.array(FrontierPoint),
});
export type Frontier = z.infer<typeof Frontier>;

export const LeaderboardRow = z.object({
  rank: z.number().describe("Rows without a detectable difference share a rank."),
  run: RunHead,
  value: z
    .number()
    .nullable()
    .describe("The score, or the Bradley–Terry strength. Null for a run that never loses or never wins."),
  interval: Interval.nullable(),
  items: z.number(),
  wins: z.number().nullable().describe("For pairwise rankings: items won. Ties count half."),
  costUsd: z.number().nullable().describe("Per answer."),
  latencyMs: z.number().nullable(),
});
export const Leaderboard = pageOf(LeaderboardRow).extend({
  scorer: z.string(),
  by: z.enum(["score", "pairwise"]),
  warnings: z.array(z.string()),
});
export type Leaderboard = z.infer<typeof Leaderboard>;
