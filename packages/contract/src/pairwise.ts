import { z } from "zod";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Interval } from "./experiment-runs.ts";
import { EXPERIMENT_STATUSES } from "./experiments.ts";
import { PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";
import { RunHead, VERDICTS } from "./run-comparison.ts";
import { SCORE_STATES, ScorerRef } from "./scorers.ts";

const RunId = z.string().min(1).max(80);

export const PAIRINGS = ["every", "first"] as const;
export const PairwiseInput = z.strictObject({
  runs: z
    .array(RunId)
    .min(2)
    .max(8)
    .refine((ids) => new Set(ids).size === ids.length, "must not name a run twice")
    .describe("Over the same version of a dataset. Of two runs the first one is the base."),
  judge: ScorerRef.describe("A scorer of the kind `pairwise`."),
  pairing: z.enum(PAIRINGS).default("every").describe("Every two runs, or only the first one with each other."),
  items: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("So many of the items that all runs answered, drawn by `seed`; null for all."),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("A lead that does not matter: the share of items won less the share lost."),
  concurrency: z.number().int().min(1).max(64).default(8).describe("Pairs under way at once; each takes two calls."),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }),
  cache: z.boolean().default(true).describe("Takes an earlier verdict of the same judge on the very same two answers."),
});
export type PairwiseInput = z.output<typeof PairwiseInput>;

/** Two runs, as the judge sees them over all items. */
export const PairwisePair = z.object({
  base: z.string().describe("The id of a run."),
  head: z.string(),
  wins: z.number().describe("Items where the head's answer is better in both orders."),
  ties: z.number().describe("The judge's ties, answers that are the same, and items where the order decided."),
  losses: z.number(),
  inconsistent: z.number().describe("Of the ties: the verdict changed when the answers changed places."),
  same: z.number().describe("Of the ties: both answers are the same to the letter, which nobody was asked about."),
  failed: z.number().describe("Items without a verdict, such as for an answer of the judge that cannot be read."),
  winRate: z.number().nullable().describe("(wins + ties / 2) / items with a verdict."),
  interval: Interval.nullable().describe("Of the win rate; after Newcombe, for pairs."),
  pValue: z.number().nullable().describe("The sign test over wins and losses, which is McNemar's exact test."),
  adjustedPValue: z.number().nullable().describe("By Holm, over all pairs."),
  verdict: z.enum(VERDICTS).describe("Of the head against the base."),
  moreItems: z.number().nullable().describe("About so many more would decide; null when it is decided or unknown."),
  minimumDetectableEffect: z.number().nullable().describe("Smaller leads these items cannot show."),
});
export type PairwisePair = z.infer<typeof PairwisePair>;

/** What the order of the answers did to the judge. */
export const PositionBias = z.object({
  judged: z.number().describe("Pairs of different answers with a verdict."),
  inconsistent: z.number().describe("Of them: the verdict changed with the order."),
  rate: z.number().nullable().describe("Inconsistent / judged."),
  interval: Interval.nullable().describe("Wilson's."),
  firstPlace: z.number().describe("Whatever stood first won, both times."),
  secondPlace: z.number(),
  pValue: z.number().nullable().describe("That both places are liked alike; exact sign test."),
});
export type PositionBias = z.infer<typeof PositionBias>;

/** A run among all that were judged. */
export const PairwiseRow = z.object({
  rank: z.number().describe("Runs of the same strength, or with none as many wins, share one."),
  runId: z.string(),
  strength: z
    .number()
    .nullable()
    .describe("Bradley and Terry's on Elo's scale, 1,000 on average; null for one that never loses or never wins."),
  interval: Interval.nullable().describe("Percentiles over resampled items."),
  wins: z.number(),
  ties: z.number(),
  losses: z.number(),
});
export type PairwiseRow = z.infer<typeof PairwiseRow>;

export const PairwiseResult = z.object({
  pairs: z.array(PairwisePair),
  bias: PositionBias,
  leaderboard: z.array(PairwiseRow).describe("The strongest first; empty for two runs, and until it has ended."),
});
export type PairwiseResult = z.infer<typeof PairwiseResult>;

export const PairwiseJudging = z.object({
  judgingId: z.string(),
  runs: z.array(RunHead).describe("As they were named at the start."),
  datasetId: z.string().nullable(),
  judge: z.object({
    name: z.string(),
    version: z.number().nullable(),
    model: z.string(),
    signature: z.string(),
  }),
  pairing: z.enum(PAIRINGS),
  items: z.number().nullable().describe("That are judged; null until they were counted."),
  leftOut: z.number().nullable().describe("Items that not every run has an answer to."),
  planned: z.number().nullable().describe("Items × pairs of runs."),
  done: z.number().describe("Verdicts that are there, failed ones among them."),
  result: PairwiseResult.nullable().describe("By now; null before the first verdict."),
  warnings: z.array(z.string()),
  alpha: z.number(),
  margin: z.number(),
  budget: ExperimentBudget,
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why it ended; null while it has not, or when it failed."),
  error: z.string().nullable(),
  spent: ExperimentSpent,
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type PairwiseJudging = z.infer<typeof PairwiseJudging>;

const side = z.enum(["base", "head", "tie"]);

/** What was said of one item's two answers. */
export const PairwiseVerdict = z.object({
  itemId: z.string(),
  base: z.string().describe("The id of a run."),
  head: z.string(),
  inputs: z.unknown().describe("Null when the item is gone."),
  baseOutput: z.string().nullable().describe("As the judge read it; null when the run is gone."),
  headOutput: z.string().nullable(),
  state: z.enum(SCORE_STATES),
  winner: side.nullable().describe("Null without a verdict."),
  isConsistent: z.boolean().nullable().describe("Whether both orders say the same."),
  isSame: z.boolean().describe("Both answers are the same, so nobody was asked."),
  isCached: z.boolean().describe("Taken from an earlier judging."),
  reason: z.string(),
  calls: z.array(
    z.object({
      first: z.enum(["base", "head"]).describe("Whose answer stood first, as A."),
      better: side.nullable(),
      rawAnswer: z.string().describe("What the judge wrote, to the letter."),
      parseStatus: z.string(),
      traceId: z.string().nullable(),
      spanId: z.string().nullable(),
    }),
  ),
  costUsd: z.number().nullable(),
});
export type PairwiseVerdict = z.infer<typeof PairwiseVerdict>;

/** What a judging would take, before anything is asked or paid. */
export const PairwiseEstimate = z.object({
  items: z.number(),
  leftOut: z.number(),
  pairs: z.number().describe("Of runs."),
  comparisons: z.number().describe("Items × pairs."),
  free: z.number().describe("Of them, about so many cost nothing: the same answers, or judged before."),
  judgeCalls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number().nullable().describe("Null when the price of the judge is not known."),
  isWithinBudget: z.boolean().nullable(),
  basis: z.string(),
  warnings: z.array(z.string()),
});
export type PairwiseEstimate = z.infer<typeof PairwiseEstimate>;

export const PAIR_OUTCOMES = ["win", "tie", "loss", "inconsistent", "failed"] as const;
export const VerdictsQuery = PageQuery.extend({
  base: z.string().max(80).optional().describe("Only this pair, with `head`."),
  head: z.string().max(80).optional(),
  outcome: z.enum(PAIR_OUTCOMES).optional().describe("`win` of the head."),
  itemId: z.string().max(200).optional(),
});

const one = z.object({ judgingId: z.string().max(80) });

export const pairwiseApi = defineApi({
  "GET /api/v1/pairwise-judgings": {
    name: "listPairwiseJudgings",
    summary: "Runs that a judge held against each other, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      runId: z.string().max(80).optional().describe("With this run among them."),
      datasetId: z.string().max(80).optional(),
    }),
    response: pageOf(PairwiseJudging),
  },
  "POST /api/v1/pairwise-judgings": {
    name: "startPairwiseJudging",
    summary:
      "Have a judge say, item by item and in both orders, which run's answer is better, as a job within a budget",
    permission: "experiments:write",
    body: PairwiseInput,
    response: PairwiseJudging,
    status: 202,
  },
  "POST /api/v1/pairwise-judgings/estimate": {
    name: "estimatePairwiseJudging",
    summary: "What a judging would take in calls, tokens and money; nothing is asked",
    permission: "experiments:read",
    body: PairwiseInput,
    response: PairwiseEstimate,
  },
  "GET /api/v1/pairwise-judgings/:judgingId": {
    name: "getPairwiseJudging",
    summary: "A judging with its results by now",
    permission: "experiments:read",
    params: one,
    response: PairwiseJudging,
  },
  "GET /api/v1/pairwise-judgings/:judgingId/verdicts": {
    name: "listPairwiseVerdicts",
    summary: "What was said of each item, with the judge's own words in both orders",
    permission: "experiments:read",
    params: one,
    query: VerdictsQuery,
    response: pageOf(PairwiseVerdict),
  },
  "POST /api/v1/pairwise-judgings/:judgingId/cancel": {
    name: "cancelPairwiseJudging",
    summary: "Stop a judging; what was judged stays",
    permission: "experiments:write",
    params: one,
    response: PairwiseJudging,
  },
  "POST /api/v1/pairwise-judgings/:judgingId/resume": {
    name: "resumePairwiseJudging",
    summary: "Go on with a judging that ended early, if need be with another budget; what failed is asked again",
    permission: "experiments:write",
    params: one,
    body: z.strictObject({ budget: ExperimentBudget.optional() }),
    response: PairwiseJudging,
    status: 202,
  },
});
