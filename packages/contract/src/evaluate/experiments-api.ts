import { z } from "zod";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ExperimentBudget } from "./experiment-budget.ts";
import { RUN_FORMATS, Run, RunInput, RunItem, RunItemsQuery, RunListQuery, UploadedAnswer } from "./experiment-runs.ts";
import {
  EXPERIMENT_STATUSES,
  Experiment,
  ExperimentEstimate,
  ExperimentInput,
  ExperimentPatch,
  ExperimentPlan,
  ExperimentPlanInput,
} from "./experiments.ts";
import { Frontier, Leaderboard, RunComparison, RunSlices } from "./run-comparison.ts";

export * from "./experiment-budget.ts";
export * from "./experiment-runs.ts";
export * from "./experiments.ts";
export * from "./run-comparison.ts";

const experiment = z.object({ experimentId: z.string().max(80) });
const run = z.object({ runId: z.string().max(80) });
const runIds = z.string().max(2_000).describe("Ids of runs, separated by commas.");
const scorer = z.string().max(200).optional().describe("The key of the score. The main score if omitted.");
const alpha = z.coerce.number().min(0.0001).max(0.2).default(0.05);
const margin = z.coerce
  .number()
  .min(0)
  .max(1)
  .default(0.02)
  .describe("The largest difference that does not matter, as a share of the score's range.");

export const experimentsApi = defineApi({
  "GET /api/v1/experiments": {
    name: "listExperiments",
    summary: "The project's experiments, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or description."),
      datasetId: z.string().max(80).optional(),
      suite: z.string().max(120).optional(),
      tag: z.string().max(60).optional(),
      status: z.enum(EXPERIMENT_STATUSES).optional(),
    }),
    response: pageOf(Experiment),
  },
  "POST /api/v1/experiments": {
    name: "startExperiment",
    summary: "Start an experiment: answer a dataset with every variant and score the answers, as a job within a budget",
    permission: "experiments:write",
    description:
      "The versions of the dataset, the prompts and the scorers are fixed at the start. When the budget is spent, the experiment ends early and `stopped` says why; `POST /api/v1/experiments/{experimentId}/resume` continues it.",
    body: ExperimentInput,
    example: {
      name: "Shorter prompt",
      dataset: { datasetId: "dst_1" },
      variants: [{ name: "mini", model: "openai/gpt-5-mini" }],
      scorers: [{ kind: "exact-match" }],
      budget: { usd: 1 },
    },
    response: Experiment,
    status: 202,
  },
  "GET /api/v1/experiments/:experimentId": {
    name: "getExperiment",
    summary: "An experiment with the current state of its runs",
    permission: "experiments:read",
    params: experiment,
    response: Experiment,
  },
  "PATCH /api/v1/experiments/:experimentId": {
    name: "updateExperiment",
    summary: "Change the name, the description, the tags or the baseline",
    permission: "experiments:write",
    params: experiment,
    body: ExperimentPatch,
    response: Experiment,
  },
  "DELETE /api/v1/experiments/:experimentId": {
    name: "deleteExperiment",
    summary: "Delete an experiment that has ended, with its runs",
    permission: "experiments:write",
    params: experiment,
    response: Done,
  },
  "POST /api/v1/experiments/:experimentId/cancel": {
    name: "cancelExperiment",
    summary: "Cancel an experiment; its answers remain",
    permission: "experiments:write",
    params: experiment,
    response: Experiment,
  },
  "POST /api/v1/experiments/:experimentId/resume": {
    name: "resumeExperiment",
    summary: "Continue an experiment that ended early, optionally with another budget; failed calls are repeated",
    permission: "experiments:write",
    params: experiment,
    body: z.strictObject({
      budget: ExperimentBudget.optional(),
      retryErrors: z.boolean().default(true).describe("Tries all errors again: failed answers and failed scores."),
    }),
    example: { budget: { usd: 5 } },
    response: Experiment,
    status: 202,
  },
});

export const runsApi = defineApi({
  "GET /api/v1/runs": {
    name: "listRuns",
    summary: "Runs of experiments and uploaded runs with their scores, newest first",
    permission: "experiments:read",
    query: PageQuery.extend(RunListQuery.shape),
    response: pageOf(Run),
  },
  "POST /api/v1/runs": {
    name: "createRun",
    summary: "Create a run for uploaded answers",
    permission: "experiments:write",
    body: RunInput,
    response: Run,
    status: 201,
  },
  "GET /api/v1/runs/:runId": {
    name: "getRun",
    summary: "A run with its scores",
    permission: "experiments:read",
    params: run,
    response: Run,
  },
  "DELETE /api/v1/runs/:runId": {
    name: "deleteRun",
    summary: "Delete an uploaded run; runs of an experiment are deleted with the experiment",
    permission: "experiments:write",
    params: run,
    response: Done,
  },
  "POST /api/v1/runs/:runId/answers": {
    name: "uploadAnswers",
    summary: "Upload answers; uploading an answer again replaces it",
    permission: "experiments:write",
    params: run,
    body: z.strictObject({ answers: z.array(UploadedAnswer).min(1).max(500) }),
    example: { answers: [{ itemId: "item-1", output: "Open your order and choose Refund." }] },
    response: Run,
  },
  "POST /api/v1/runs/:runId/finish": {
    name: "finishRun",
    summary: "Close an uploaded run and score its answers as a job",
    permission: "experiments:write",
    params: run,
    response: z.object({ run: Run, jobId: z.string() }),
    status: 202,
  },
  "POST /api/v1/runs/:runId/resume": {
    name: "resumeRun",
    summary: "Continue scoring an uploaded run that ended early, optionally with another budget",
    permission: "experiments:write",
    params: run,
    body: z.strictObject({ budget: ExperimentBudget.optional() }),
    example: { budget: { usd: 5 } },
    response: z.object({ run: Run, jobId: z.string() }),
    status: 202,
  },
  "GET /api/v1/runs/:runId/items": {
    name: "listRunItems",
    summary: "The items of a run with their answers and scores, optionally with the answers and scores of another run",
    permission: "experiments:read",
    params: run,
    query: RunItemsQuery,
    response: pageOf(RunItem).extend({ total: z.number() }),
  },
});

/** Reports on runs, before and after they exist. */
export const analysisApi = defineApi({
  "POST /api/v1/experiments/estimate": {
    name: "estimateExperiment",
    summary: "Estimate the calls, tokens, cost and time of an experiment; no model is called",
    permission: "experiments:read",
    body: ExperimentInput,
    example: {
      name: "Shorter prompt",
      dataset: { datasetId: "dst_1" },
      variants: [{ name: "mini", model: "openai/gpt-5-mini" }],
    },
    response: ExperimentEstimate,
  },
  "POST /api/v1/experiments/plan": {
    name: "planExperiment",
    summary: "Plan how many items and repeats are needed to detect a difference",
    permission: "experiments:read",
    body: ExperimentPlanInput,
    example: { difference: 0.05, standardDeviation: 0.4 },
    response: ExperimentPlan,
  },
  "GET /api/v1/runs/compare": {
    name: "compareRuns",
    summary: "Compare runs with a base run by item: differences with intervals, tests and verdicts",
    permission: "experiments:read",
    query: z.object({ base: z.string().max(80), heads: runIds, alpha, margin }),
    response: RunComparison,
  },
  "GET /api/v1/runs/frontier": {
    name: "getFrontier",
    summary: "Quality against cost and latency, and the cheapest run that is not worse than the best run",
    permission: "experiments:read",
    query: z.object({ runs: runIds, scorer, alpha, margin }),
    response: Frontier,
  },
  "GET /api/v1/runs/leaderboard": {
    name: "getLeaderboard",
    summary: "Rank runs by a score, or by the items that they win against each other",
    permission: "experiments:read",
    query: z.object({
      runs: runIds.optional(),
      datasetId: z.string().max(80).optional().describe("The newest run of each name over this dataset."),
      scorer,
      by: z.enum(["score", "pairwise"]).default("score"),
    }),
    response: Leaderboard,
  },
  "GET /api/v1/runs/:runId/slices": {
    name: "listRunSlices",
    summary: "Find the slices of metadata with the lowest scores, corrected for multiple comparisons",
    permission: "experiments:read",
    params: run,
    query: z.object({
      base: z
        .string()
        .max(80)
        .optional()
        .describe("Compares with this run. Otherwise with the items outside the slice."),
      scorer,
      field: z.string().max(200).optional().describe("One metadata field. All fields if omitted."),
      alpha,
      margin,
    }),
    response: RunSlices,
  },
  "GET /api/v1/runs/:runId/export": {
    name: "exportRun",
    summary: "Export a run: every answer as CSV or JSON, or a report as Markdown or HTML",
    permission: "experiments:read",
    params: run,
    query: z.object({
      format: z.enum(RUN_FORMATS).default("csv"),
      base: z.string().max(80).optional().describe("Reports compare with this run."),
    }),
    response: z.string(),
    answer: "file",
  },
});
