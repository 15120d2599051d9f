import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Interval } from "./experiment-runs.ts";
import { EXPERIMENT_STATUSES } from "./experiments.ts";
import { PairedComparison, RunHead } from "./run-comparison.ts";

const RunId = z.string().min(1).max(80);

export const BisectInput = z.strictObject({
  good: RunId.describe("The good run."),
  bad: RunId.describe("The run with the lower score."),
  scorer: z.string().max(200).optional().describe("The key of the score that fell. The main score if omitted."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("The largest drop that does not matter, as a share of the score's range."),
  concurrency: z.number().int().min(1).max(64).default(8),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }),
});
export type BisectInput = z.output<typeof BisectInput>;

export const BISECT_STEPS = [
  ...(["judge", "dataset", "messages", "parameter", "model", "prompt"] as const),
  ...(["retriever", "code", "version"] as const),
] as const;

/** One change on the way from the good run to the bad one. */
export const BisectStep = z.object({
  index: z.number().describe("Counted from 1. The search range is the result of the previous step."),
  kind: z.enum(BISECT_STEPS),
  label: z.string().describe("For example `temperature: 0 → 1`."),
  isRunnable: z
    .boolean()
    .describe(
      "False if the bisect cannot apply the change, such as a change of a program. It is then known only by the version's name.",
    ),
  before: z.string(),
  after: z.string(),
});
export type BisectStep = z.infer<typeof BisectStep>;

/** The measurement of the state after a step. */
export const BisectProbe = z.object({
  step: z.number().describe("The state after this step. 0 is the good run."),
  runId: z.string(),
  items: z.number().describe("The number of items that the decision required."),
  difference: z.number().nullable().describe("Compared with the reference state."),
  interval: Interval.nullable().describe("The interval remains valid although it is checked after each batch."),
  decision: z.enum(["good", "bad"]),
  isCertain: z.boolean().describe("False if all items were used before the interval decided."),
});
export type BisectProbe = z.infer<typeof BisectProbe>;

export const BisectFinding = z.object({
  step: BisectStep,
  comparison: PairedComparison.describe("The score before and after the step, over all items."),
  share: z.number().nullable().describe("The share of the total drop."),
  beforeRunId: z.string(),
  afterRunId: z.string(),
  turned: z
    .array(z.object({ itemId: z.string(), before: z.number(), after: z.number() }))
    .describe("Items that score worse after it, worst first. At most 100."),
  isCertain: z.boolean(),
});
export type BisectFinding = z.infer<typeof BisectFinding>;

export const BISECT_OUTCOMES = ["found", "nothing-to-find", "undecided", "budget"] as const;

export const Bisect = z.object({
  bisectId: z.string(),
  good: RunHead,
  bad: RunHead,
  scorer: z.string(),
  alpha: z.number(),
  margin: z.number(),
  budget: ExperimentBudget,
  steps: z.array(BisectStep),
  probes: z.array(BisectProbe),
  total: PairedComparison.nullable().describe("The good run compared with the bad run. Null until known."),
  findings: z.array(BisectFinding).describe("In the order of the steps."),
  status: z.enum(EXPERIMENT_STATUSES),
  outcome: z.enum(BISECT_OUTCOMES).nullable(),
  message: z.string().describe("The result in a sentence, or the reason for a failure."),
  spent: ExperimentSpent,
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Bisect = z.infer<typeof Bisect>;

const one = z.object({ bisectId: z.string().max(80) });

export const bisectsApi = defineApi({
  "GET /api/v1/bisects": {
    name: "listBisects",
    summary: "Bisects, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      runId: z.string().max(80).optional().describe("Bisects with this run as the good or the bad run."),
    }),
    response: pageOf(Bisect),
  },
  "POST /api/v1/bisects": {
    name: "startBisect",
    summary:
      "Start a bisect: find the change between a good and a bad run that made a score fall, as a job within a budget",
    permission: "experiments:write",
    body: BisectInput,
    example: { good: "run_1", bad: "run_2" },
    response: Bisect,
    status: 202,
  },
  "GET /api/v1/bisects/:bisectId": {
    name: "getBisect",
    summary: "A bisect with its steps, probes and findings so far",
    permission: "experiments:read",
    params: one,
    response: Bisect,
  },
  "POST /api/v1/bisects/:bisectId/cancel": {
    name: "cancelBisect",
    summary: "Cancel a bisect; its answers remain",
    permission: "experiments:write",
    params: one,
    response: Bisect,
  },
});
