import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Interval } from "./experiment-runs.ts";
import { EXPERIMENT_STATUSES } from "./experiments.ts";
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
    .describe("Runs over the same version of a dataset. With two runs, the first is the base."),
  judge: ScorerRef.describe("A scorer of the kind `pairwise`."),
  pairing: z
    .enum(PAIRINGS)
    .default("every")
    .describe("Compare all pairs of runs, or only the first run with the others."),
  items: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("The number of items to draw at random with `seed` from the items that all runs answered. Null for all."),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("The largest lead that does not matter: the share of wins minus the share of losses."),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe("Pairs that are judged in parallel. Each pair takes two calls."),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }),
  cache: z.boolean().default(true).describe("Reuse an earlier verdict of the same judge on the same two answers."),
});
export type PairwiseInput = z.output<typeof PairwiseInput>;

/** Two runs, as the judge sees them over all items. */
export const PairwisePair = z.object({
  base: z.string().describe("The id of a run."),
  head: z.string(),
  wins: z.number().describe("Items where the head's answer is better in both orders."),
  ties: z.number().describe("Ties of the judge, identical answers, and items where the order changed the verdict."),
  losses: z.number(),
  inconsistent: z.number().describe("Ties in which the verdict changed with the order of the answers."),
  same: z.number().describe("Ties in which both answers are identical. No judge was called for these."),
  failed: z.number().describe("Items without a verdict, for example because the judge's response is unreadable."),
  winRate: z.number().nullable().describe("(wins + ties / 2) / items with a verdict."),
  interval: Interval.nullable().describe("The interval of the win rate, by Newcombe's method for pairs."),
  pValue: z.number().nullable().describe("The sign test over wins and losses, which equals McNemar's exact test."),
  adjustedPValue: z.number().nullable().describe("Corrected by Holm over all pairs."),
  verdict: z.enum(VERDICTS).describe("The head compared with the base."),
  moreItems: z.number().nullable().describe("About this many more items would decide. Null if decided or unknown."),
  minimumDetectableEffect: z.number().nullable().describe("The smallest lead that these items can detect."),
});
export type PairwisePair = z.infer<typeof PairwisePair>;

/** What the order of the answers did to the judge. */
export const PositionBias = z.object({
  judged: z.number().describe("Pairs of different answers with a verdict."),
  inconsistent: z.number().describe("Pairs whose verdict changed with the order."),
  rate: z.number().nullable().describe("Inconsistent / judged."),
  interval: Interval.nullable().describe("Wilson's interval."),
  firstPlace: z.number().describe("The first answer won in both orders."),
  secondPlace: z.number(),
  pValue: z.number().nullable().describe("Tests by an exact sign test that the judge prefers neither position."),
});
export type PositionBias = z.infer<typeof PositionBias>;

/** A run among all that were judged. */
export const PairwiseRow = z.object({
  rank: z.number().describe("Equally strong runs share a rank. So do runs that never won."),
  runId: z.string(),
  strength: z
    .number()
    .nullable()
    .describe(
      "Bradley–Terry strength on the Elo scale, 1,000 on average. Null for a run that never loses or never wins.",
    ),
  interval: Interval.nullable().describe("Percentiles over resampled items."),
  wins: z.number(),
  ties: z.number(),
  losses: z.number(),
});
export type PairwiseRow = z.infer<typeof PairwiseRow>;

export const PairwiseResult = z.object({
  pairs: z.array(PairwisePair),
  bias: PositionBias,
  leaderboard: z
    .array(PairwiseRow)
    .describe("Strongest first. Empty for two runs, and until the comparison has ended."),
});
export type PairwiseResult = z.infer<typeof PairwiseResult>;

export const PairwiseJudging = z.object({
  judgingId: z.string(),
  runs: z.array(RunHead).describe("The runs, with their names at the start."),
  datasetId: z.string().nullable(),
  judge: z.object({
    name: z.string(),
    version: z.number().nullable(),
    model: z.string(),
    signature: z.string(),
  }),
  pairing: z.enum(PAIRINGS),
  items: z.number().nullable().describe("The number of items to judge. Null until counted."),
  leftOut: z.number().nullable().describe("Items that not every run has answered."),
  planned: z.number().nullable().describe("Items × pairs of runs."),
  done: z.number().describe("The number of verdicts so far, including failures."),
  result: PairwiseResult.nullable().describe("The result so far. Null before the first verdict."),
  warnings: z.array(z.string()),
  alpha: z.number(),
  margin: z.number(),
  budget: ExperimentBudget,
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why it ended. Null while it is active, or if it failed."),
  error: z.string().nullable(),
  spent: ExperimentSpent,
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type PairwiseJudging = z.infer<typeof PairwiseJudging>;

const side = z.enum(["base", "head", "tie"]);

/** The verdict on two answers to one item. */
export const PairwiseVerdict = z.object({
  itemId: z.string(),
  base: z.string().describe("The id of a run."),
  head: z.string(),
  inputs: z.unknown().describe("Null if the item was deleted."),
  baseOutput: z.string().nullable().describe("The answer as the judge read it. Null if the run was deleted."),
  headOutput: z.string().nullable(),
  state: z.enum(SCORE_STATES),
  winner: side.nullable().describe("Null without a verdict."),
  isConsistent: z.boolean().nullable().describe("Whether both orders have the same result."),
  isSame: z.boolean().describe("Both answers are identical, so no judge was called."),
  isCached: z.boolean().describe("Reused from an earlier comparison."),
  reason: z.string(),
  calls: z.array(
    z.object({
      first: z.enum(["base", "head"]).describe("The run whose answer came first, as A."),
      better: side.nullable(),
      rawAnswer: z.string().describe("The unchanged response of the judge."),
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
  pairs: z.number().describe("The number of pairs of runs."),
  comparisons: z.number().describe("Items × pairs."),
  free: z.number().describe("About how many of them are free, because the answers are identical or already judged."),
  judgeCalls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number().nullable().describe("Null if the judge's price is unknown."),
  isWithinBudget: z.boolean().nullable(),
  basis: z.string(),
  warnings: z.array(z.string()),
});
export type PairwiseEstimate = z.infer<typeof PairwiseEstimate>;

export const PAIR_OUTCOMES = ["win", "tie", "loss", "inconsistent", "failed"] as const;
export const VerdictsQuery = PageQuery.extend({
  base: z.string().max(80).optional().describe("Only this pair, together with `head`."),
  head: z.string().max(80).optional(),
  outcome: z.enum(PAIR_OUTCOMES).optional().describe("`win` means that the head won."),
  itemId: z.string().max(200).optional(),
});

const one = z.object({ judgingId: z.string().max(80) });

export const pairwiseApi = defineApi({
  "GET /api/v1/pairwise-judgings": {
    name: "listPairwiseJudgings",
    summary: "Pairwise comparisons of runs, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      runId: z.string().max(80).optional().describe("Comparisons that include this run."),
      datasetId: z.string().max(80).optional(),
    }),
    response: pageOf(PairwiseJudging),
  },
  "POST /api/v1/pairwise-judgings": {
    name: "startPairwiseJudging",
    summary:
      "Start a pairwise comparison: a judge compares the answers of runs by item and in both orders, as a job within a budget",
    permission: "experiments:write",
    body: PairwiseInput,
    example: { runs: ["run_1", "run_2"], judge: { scorer: "better-answer" } },
    response: PairwiseJudging,
    status: 202,
  },
  "POST /api/v1/pairwise-judgings/estimate": {
    name: "estimatePairwiseJudging",
    summary: "Estimate the calls, tokens and cost of a pairwise comparison; no model is called",
    permission: "experiments:read",
    body: PairwiseInput,
    example: { runs: ["run_1", "run_2"], judge: { scorer: "better-answer" } },
    response: PairwiseEstimate,
  },
  "GET /api/v1/pairwise-judgings/:judgingId": {
    name: "getPairwiseJudging",
    summary: "A pairwise comparison with its results so far",
    permission: "experiments:read",
    params: one,
    response: PairwiseJudging,
  },
  "GET /api/v1/pairwise-judgings/:judgingId/verdicts": {
    name: "listPairwiseVerdicts",
    summary: "The verdict for each item, with the judge's responses in both orders",
    permission: "experiments:read",
    params: one,
    query: VerdictsQuery,
    response: pageOf(PairwiseVerdict),
  },
  "POST /api/v1/pairwise-judgings/:judgingId/cancel": {
    name: "cancelPairwiseJudging",
    summary: "Cancel a pairwise comparison; its verdicts remain",
    permission: "experiments:write",
    params: one,
    response: PairwiseJudging,
  },
  "POST /api/v1/pairwise-judgings/:judgingId/resume": {
    name: "resumePairwiseJudging",
    summary:
      "Continue a pairwise comparison that ended early, optionally with another budget; failed calls are repeated",
    permission: "experiments:write",
    params: one,
    body: z.strictObject({ budget: ExperimentBudget.optional() }),
    example: { budget: { usd: 5 } },
    response: PairwiseJudging,
    status: 202,
  },
});
