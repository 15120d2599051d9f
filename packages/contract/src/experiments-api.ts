import { z } from "zod";
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
import { Done, PageQuery, pageOf } from "./pages.ts";
import { defineApi } from "./route.ts";
import { Frontier, Leaderboard, RunComparison, RunSlices } from "./run-comparison.ts";

export * from "./experiment-budget.ts";
export * from "./experiment-runs.ts";
export * from "./experiments.ts";
export * from "./run-comparison.ts";

const experiment = z.object({ experimentId: z.string().max(80) });
const run = z.object({ runId: z.string().max(80) });
const runIds = z.string().max(2_000).describe("Ids of runs, with commas between them.");
const scorer = z.string().max(200).optional().describe("Its key; the main one when left out.");
const alpha = z.coerce.number().min(0.0001).max(0.2).default(0.05);
const margin = z.coerce
  .number()
  .min(0)
  .max(1)
  .default(0.02)
  .describe("Differences that do not matter, as a share of the score's range.");

export const experimentsApi = defineApi({
  "GET /api/v1/experiments": {
    name: "listExperiments",
    summary: "The project's experiments, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or of a description."),
      datasetId: z.string().max(80).optional(),
      suite: z.string().max(120).optional(),
      tag: z.string().max(60).optional(),
      status: z.enum(EXPERIMENT_STATUSES).optional(),
    }),
    response: pageOf(Experiment),
  },
  "POST /api/v1/experiments": {
    name: "startExperiment",
    summary: "Answer a dataset with every variant and score the answers, as a job within a budget",
    permission: "experiments:write",
    body: ExperimentInput,
    response: Experiment,
    status: 202,
  },
  "GET /api/v1/experiments/:experimentId": {
    name: "getExperiment",
    summary: "An experiment with its runs as they are by now",
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
    summary: "Stop an experiment; what was answered stays",
    permission: "experiments:write",
    params: experiment,
    response: Experiment,
  },
  "POST /api/v1/experiments/:experimentId/resume": {
    name: "resumeExperiment",
    summary: "Go on with an experiment that ended early, if need be with another budget; errors are asked again",
    permission: "experiments:write",
    params: experiment,
    body: z.strictObject({
      budget: ExperimentInput.shape.budget.optional(),
      retryErrors: z.boolean().default(true).describe("Asks again where a provider failed."),
    }),
    response: Experiment,
    status: 202,
  },
});

export const runsApi = defineApi({
  "GET /api/v1/runs": {
    name: "listRuns",
    summary: "Runs of experiments and uploaded ones, newest first, with their scores",
    permission: "experiments:read",
    query: PageQuery.extend(RunListQuery.shape),
    response: pageOf(Run),
  },
  "POST /api/v1/runs": {
    name: "createRun",
    summary: "Make a run whose answers come from elsewhere",
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
    summary: "Delete an uploaded run; those of an experiment go with it",
    permission: "experiments:write",
    params: run,
    response: Done,
  },
  "POST /api/v1/runs/:runId/answers": {
    name: "uploadAnswers",
    summary: "Add answers that were made elsewhere; sending one again replaces it",
    permission: "experiments:write",
    params: run,
    body: z.strictObject({ answers: z.array(UploadedAnswer).min(1).max(500) }),
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
    summary: "Go on scoring an uploaded run that ended early, if need be with another budget",
    permission: "experiments:write",
    params: run,
    body: z.strictObject({ budget: ExperimentBudget.optional() }),
    response: z.object({ run: Run, jobId: z.string() }),
    status: 202,
  },
  "GET /api/v1/runs/:runId/items": {
    name: "listRunItems",
    summary: "The items of a run with their answers and scores, if need be beside those of another run",
    permission: "experiments:read",
    params: run,
    query: RunItemsQuery,
    response: pageOf(RunItem).extend({ total: z.number() }),
  },
});

/** What can be said of runs: before they are made, and when they are there. */
export const analysisApi = defineApi({
  "POST /api/v1/experiments/estimate": {
    name: "estimateExperiment",
    summary: "What an experiment would take in calls, tokens, money and time; nothing is asked",
    permission: "experiments:read",
    body: ExperimentInput,
    response: ExperimentEstimate,
  },
  "POST /api/v1/experiments/plan": {
    name: "planExperiment",
    summary: "How many items and repeats it takes to see a difference",
    permission: "experiments:read",
    body: ExperimentPlanInput,
    response: ExperimentPlan,
  },
  "GET /api/v1/runs/compare": {
    name: "compareRuns",
    summary: "Runs against a base run, item by item: differences with intervals, tests and verdicts",
    permission: "experiments:read",
    query: z.object({ base: z.string().max(80), heads: runIds, alpha, margin }),
    response: RunComparison,
  },
  "GET /api/v1/runs/frontier": {
    name: "getFrontier",
    summary: "Quality against cost and latency, and the cheapest run that is not worse than the best",
    permission: "experiments:read",
    query: z.object({ runs: runIds, scorer, alpha, margin }),
    response: Frontier,
  },
  "GET /api/v1/runs/leaderboard": {
    name: "getLeaderboard",
    summary: "Runs ranked by a score or by the items they win against each other",
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
    summary: "A score by the items' metadata: where it is worst, corrected for having looked everywhere",
    permission: "experiments:read",
    params: run,
    query: z.object({
      base: z.string().max(80).optional().describe("Compares with this run; otherwise with the items outside."),
      scorer,
      field: z.string().max(200).optional().describe("One field of the metadata; all when left out."),
      alpha,
      margin,
    }),
    response: RunSlices,
  },
  "GET /api/v1/runs/:runId/export": {
    name: "exportRun",
    summary: "A run as a file: every answer as CSV or JSON, a report as Markdown or HTML",
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
