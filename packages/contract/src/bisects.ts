import { z } from "zod";
import { ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Interval } from "./experiment-runs.ts";
import { EXPERIMENT_STATUSES } from "./experiments.ts";
import { PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";
import { PairedComparison, RunHead } from "./run-comparison.ts";

const RunId = z.string().min(1).max(80);

export const BisectInput = z.strictObject({
  good: RunId.describe("A run as it should be."),
  bad: RunId.describe("A run that scores worse."),
  scorer: z.string().max(200).optional().describe("The key of the score that fell; the main one when left out."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  margin: z.number().min(0).max(1).default(0.02).describe("A fall that does not matter, as a share of the range."),
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
  index: z.number().describe("From 1; before it stands what the step before left."),
  kind: z.enum(BISECT_STEPS),
  label: z.string().describe("Such as `temperature: 0 → 1`."),
  isRunnable: z
    .boolean()
    .describe(
      "False for what cannot be changed here, such as a program: it is known by the name of its version alone.",
    ),
  before: z.string(),
  after: z.string(),
});
export type BisectStep = z.infer<typeof BisectStep>;

/** What was seen of the state after a step. */
export const BisectProbe = z.object({
  step: z.number().describe("The state after this step; 0 is the good run."),
  runId: z.string(),
  items: z.number().describe("That it took to decide."),
  difference: z.number().nullable().describe("To the state that it was compared with."),
  interval: Interval.nullable().describe("Valid although it was looked at after each batch."),
  decision: z.enum(["good", "bad"]),
  isCertain: z.boolean().describe("False when the items were used up before the interval decided."),
});
export type BisectProbe = z.infer<typeof BisectProbe>;

export const BisectFinding = z.object({
  step: BisectStep,
  comparison: PairedComparison.describe("Before the step and after it, over all items."),
  share: z.number().nullable().describe("Of the whole fall."),
  beforeRunId: z.string(),
  afterRunId: z.string(),
  turned: z
    .array(z.object({ itemId: z.string(), before: z.number(), after: z.number() }))
    .describe("Items that score worse after it, the worst first; at most 100."),
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
  total: PairedComparison.nullable().describe("The good run against the bad one; null until it is known."),
  findings: z.array(BisectFinding).describe("In the order of the steps."),
  status: z.enum(EXPERIMENT_STATUSES),
  outcome: z.enum(BISECT_OUTCOMES).nullable(),
  message: z.string().describe("What came of it, in a sentence; why it failed, when it did."),
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
    summary: "Searches for the change that made a score fall, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({ runId: z.string().max(80).optional().describe("With this run at either end.") }),
    response: pageOf(Bisect),
  },
  "POST /api/v1/bisects": {
    name: "startBisect",
    summary: "Find the change between a good and a bad run that made a score fall, as a job within a budget",
    permission: "experiments:write",
    body: BisectInput,
    response: Bisect,
    status: 202,
  },
  "GET /api/v1/bisects/:bisectId": {
    name: "getBisect",
    summary: "A search with its steps, probes and findings by now",
    permission: "experiments:read",
    params: one,
    response: Bisect,
  },
  "POST /api/v1/bisects/:bisectId/cancel": {
    name: "cancelBisect",
    summary: "Stop a search; what was answered stays",
    permission: "experiments:write",
    params: one,
    response: Bisect,
  },
});
