import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { RESULT_CHOICES, TRAINING_EVENT_TYPES, TrainingEvent } from "./training-events.ts";
import {
  TRAINING_STATUSES,
  Trainer,
  TrainingCheckpoint,
  TrainingEstimate,
  TrainingEstimateJob,
  TrainingManifest,
  TrainingPreview,
  TrainingRun,
  TrainingSeries,
  TrainingValidation,
} from "./training-runs.ts";

const params = z.object({ trainingRunId: z.string() });
/** What a training run is made of. */
export const TrainingConfigInput = z
  .union([z.record(z.string(), z.unknown()), z.string().max(200_000)])
  .describe("A training configuration as an object or as YAML. Names from LLaMA-Factory and TRL are accepted too.");
const anything = z.strictObject({ config: TrainingConfigInput });

export const TrainingRunInput = anything.extend({
  requestId: z
    .string()
    .regex(/^[\w.:-]{1,120}$/, "use letters, digits and . _ : -, at most 120")
    .optional()
    .meta({
      description:
        "Deprecated: send the header `Idempotency-Key`. An id that the caller creates. Requests with the same id start only one run.",
      deprecated: true,
    }),
});
export type TrainingRunInput = z.output<typeof TrainingRunInput>;

const control = (name: string, summary: string) =>
  ({ name, summary, permission: "training:write", params, response: TrainingRun }) as const;

/** The ONNX exporter needs older libraries than training does, so it has a separate environment. */
const environment = z.object({
  environment: z.enum(["training", "onnx"]).default("training").describe("Which of the two Python environments."),
});

export const trainingApi = defineApi({
  "GET /api/v1/training-runs": {
    name: "listTrainingRuns",
    summary: "Training runs of the project, newest first",
    permission: "training:read",
    query: PageQuery.extend({
      search: z.string().max(200).default(""),
      status: z.enum(["active", "ended", ...TRAINING_STATUSES]).optional(),
    }),
    response: pageOf(TrainingRun),
  },
  "POST /api/v1/training-runs": {
    name: "startTrainingRun",
    summary: "Start a training run; an invalid configuration is rejected before anything is computed",
    permission: "training:write",
    description:
      "`config` is an object or YAML with the keys that `GET /api/v1/training/config-schema` describes; unknown keys are rejected. This machine trains one run at a time, and the others wait in the state `queued`.",
    body: TrainingRunInput,
    example: { config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] } },
    response: TrainingRun,
    status: 201,
  },
  "GET /api/v1/training-runs/:trainingRunId": {
    name: "getTrainingRun",
    summary: "One training run: its state and progress, and its result or error",
    permission: "training:read",
    params,
    response: TrainingRun,
  },
  "DELETE /api/v1/training-runs/:trainingRunId": {
    name: "deleteTrainingRun",
    summary: "Delete a run that has ended, with its checkpoints; a registered model remains",
    permission: "training:write",
    params,
    response: Done,
  },
  "POST /api/v1/training-runs/:trainingRunId/stop": {
    ...control("stopTrainingRun", "End a run early: it is evaluated and saved at that step, and the model is stored"),
    query: z.object({
      result: z
        .enum(RESULT_CHOICES)
        .optional()
        .describe("The checkpoint that becomes the model. The value of `save.result` if omitted."),
    }),
  },
  "POST /api/v1/training-runs/:trainingRunId/pause": control(
    "pauseTrainingRun",
    "Pause a run: it saves a checkpoint and releases the machine; resume continues from there",
  ),
  "POST /api/v1/training-runs/:trainingRunId/resume": control(
    "resumeTrainingRun",
    "Continue a paused, canceled or failed run from its last complete checkpoint",
  ),
  "POST /api/v1/training-runs/:trainingRunId/cancel": control("cancelTrainingRun", "Cancel a run; no model is saved"),
  "POST /api/v1/training-runs/:trainingRunId/save": control("saveTrainingRun", "Save a checkpoint now"),
  "GET /api/v1/training-runs/:trainingRunId/events": {
    name: "listTrainingEvents",
    summary: "The events of a run, by number",
    permission: "training:read",
    params,
    query: PageQuery.extend({
      after: z.coerce.number().int().min(0).max(MOST_INTEGER).default(0).describe("Only events with a greater `seq`."),
      type: z.enum(TRAINING_EVENT_TYPES).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200).describe("Items per page."),
    }),
    response: pageOf(TrainingEvent),
  },
  "GET /api/v1/training-runs/:trainingRunId/live": {
    name: "watchTrainingRun",
    summary: "Server-sent events of a run until it ends; continues after `Last-Event-ID`",
    permission: "training:read",
    params,
    query: z.object({ after: z.coerce.number().int().min(0).max(MOST_INTEGER).default(0) }),
    response: TrainingEvent,
    answer: "events",
    eventId: "seq",
  },
  "GET /api/v1/training-runs/:trainingRunId/metrics": {
    name: "getTrainingMetrics",
    summary: "The metric curves of a run, thinned out so that highs and lows remain",
    permission: "training:read",
    params,
    query: z.object({ points: z.coerce.number().int().min(10).max(10_000).default(1_000) }),
    response: z.object({ series: z.array(TrainingSeries) }),
  },
  "GET /api/v1/training-runs/:trainingRunId/logs": {
    name: "getTrainingLogs",
    summary: "The end of the trainer's output",
    permission: "training:read",
    params,
    query: z.object({ bytes: z.coerce.number().int().min(1).max(1_000_000).default(64_000) }),
    response: z.object({ text: z.string(), isWhole: z.boolean() }),
  },
  "GET /api/v1/training-runs/:trainingRunId/checkpoints": {
    name: "listTrainingCheckpoints",
    summary: "The checkpoints of a run, newest first",
    permission: "training:read",
    params,
    query: PageQuery,
    response: pageOf(TrainingCheckpoint),
  },
  "POST /api/v1/training/validate": {
    name: "validateTraining",
    summary: "Check a training configuration, also from Axolotl, LLaMA-Factory or TRL, and list all problems",
    permission: "training:read",
    description:
      "The base model, or the connection of a provider, and the datasets are looked up. A dataset that has no items is a problem.",
    body: anything,
    example: { config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] } },
    response: TrainingValidation,
  },
  "POST /api/v1/training/estimate": {
    name: "estimateTraining",
    summary: "Start a job that estimates the memory and time of a run on this machine",
    permission: "training:write",
    body: anything,
    example: { config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] } },
    response: TrainingEstimateJob,
    status: 202,
  },
  "GET /api/v1/training/estimates/:jobId": {
    name: "getTrainingEstimate",
    summary: "The result of an estimate",
    permission: "training:read",
    params: z.object({ jobId: z.string() }),
    response: z.object({
      estimate: TrainingEstimate.nullable().describe("Null while the job runs, and if it failed."),
    }),
  },
  "POST /api/v1/training/preview": {
    name: "previewTraining",
    summary: "Preview the first rows as the model sees them, and which tokens the loss counts",
    permission: "training:write",
    body: anything.extend({ limit: z.number().int().min(1).max(50).default(5) }),
    example: { config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] } },
    response: TrainingPreview,
  },
  "POST /api/v1/training/manifest": {
    name: "writeTrainingManifest",
    summary: "The Job or TrainJob that a run would send to its Kubernetes cluster, as YAML; nothing is sent",
    permission: "training:write",
    body: anything,
    example: { config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] } },
    response: TrainingManifest,
  },
  "GET /api/v1/training/config-schema": {
    name: "getTrainingSchema",
    summary: "The JSON Schema of a training configuration",
    permission: "training:read",
    response: z.record(z.string(), z.unknown()),
  },
  "GET /api/v1/trainer": {
    name: "getTrainer",
    summary: "Whether this machine can train: Python, its packages, and missing parts",
    permission: "training:read",
    query: environment.extend({
      probe: z.stringbool().default(false).describe("Run the trainer's own check, which takes seconds."),
    }),
    response: Trainer,
  },
  "POST /api/v1/trainer/plan": {
    name: "planTrainer",
    summary: "Start a job that finds out what an installation would download, and how much",
    permission: "system:write",
    description: "This takes up to two minutes. The result is `plan` of `GET /api/v1/trainer`.",
    query: environment,
    response: Trainer,
    status: 202,
  },
  "POST /api/v1/trainer/install": {
    name: "installTrainer",
    summary: "Create a Python environment in the data folder and install the packages for training or for ONNX",
    permission: "system:write",
    query: environment,
    response: Trainer,
    status: 202,
  },
});
