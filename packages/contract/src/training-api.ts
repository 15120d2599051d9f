import { z } from "zod";
import { Done, PageQuery, pageOf } from "./pages.ts";
import { defineApi } from "./route.ts";
import { TRAINING_EVENT_TYPES, TrainingEvent } from "./training-events.ts";
import {
  TRAINING_STATUSES,
  Trainer,
  TrainingCheckpoint,
  TrainingEstimate,
  TrainingManifest,
  TrainingPreview,
  TrainingRun,
  TrainingSeries,
  TrainingValidation,
} from "./training-runs.ts";

const params = z.object({ trainingRunId: z.string() });
const config = z
  .union([z.record(z.string(), z.unknown()), z.string().max(200_000)])
  .describe("A training configuration as an object or as YAML; the names of LLaMA-Factory and TRL are understood too.");
const anything = z.strictObject({ config });

export const TrainingRunInput = anything.extend({
  requestId: z
    .string()
    .regex(/^[\w.:-]{1,120}$/, "use letters, digits and . _ : -, at most 120")
    .optional()
    .describe("Made up by the caller: asked twice with the same one, only one run is started."),
});
export type TrainingRunInput = z.output<typeof TrainingRunInput>;

const control = (name: string, summary: string) =>
  ({ name, summary, permission: "training:write", params, response: TrainingRun }) as const;

/** The exporter of ONNX wants older libraries than training does, so it has an environment of its own. */
const environment = z.object({
  environment: z.enum(["training", "onnx"]).default("training").describe("Which of the two environments of Python."),
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
    summary: "Train a model; what is wrong with the configuration is said before anything is computed",
    permission: "training:write",
    body: TrainingRunInput,
    response: TrainingRun,
    status: 201,
  },
  "GET /api/v1/training-runs/:trainingRunId": {
    name: "getTrainingRun",
    summary: "One training run: its state, how far it is, what it gave or why it failed",
    permission: "training:read",
    params,
    response: TrainingRun,
  },
  "DELETE /api/v1/training-runs/:trainingRunId": {
    name: "deleteTrainingRun",
    summary: "Delete a run that has ended, with its checkpoints; a model it gave to the registry stays",
    permission: "training:write",
    params,
    response: Done,
  },
  "POST /api/v1/training-runs/:trainingRunId/stop": control(
    "stopTrainingRun",
    "End a run early: it saves, and what it has learnt is its result",
  ),
  "POST /api/v1/training-runs/:trainingRunId/pause": control(
    "pauseTrainingRun",
    "Save and let the machine go; the run goes on from there when it is resumed",
  ),
  "POST /api/v1/training-runs/:trainingRunId/resume": control(
    "resumeTrainingRun",
    "Go on from the last whole checkpoint with a run that is paused, cancelled or has failed",
  ),
  "POST /api/v1/training-runs/:trainingRunId/cancel": control(
    "cancelTrainingRun",
    "Break a run off; it gives no model",
  ),
  "POST /api/v1/training-runs/:trainingRunId/save": control("saveTrainingRun", "Have a checkpoint written now"),
  "GET /api/v1/training-runs/:trainingRunId/events": {
    name: "listTrainingEvents",
    summary: "What the trainer told, by its number",
    permission: "training:read",
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0).describe("Only events with a greater `seq`."),
      type: z.enum(TRAINING_EVENT_TYPES).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
    response: z.object({ items: z.array(TrainingEvent), nextAfter: z.number().nullable() }),
  },
  "GET /api/v1/training-runs/:trainingRunId/live": {
    name: "watchTrainingRun",
    summary: "Events as they come, as server-sent events, until the run has ended; goes on after `Last-Event-ID`",
    permission: "training:read",
    params,
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: TrainingEvent,
    answer: "events",
    eventId: "seq",
  },
  "GET /api/v1/training-runs/:trainingRunId/metrics": {
    name: "getTrainingMetrics",
    summary: "The curves of a run, thinned out so that their highs and lows stay",
    permission: "training:read",
    params,
    query: z.object({ points: z.coerce.number().int().min(10).max(10_000).default(1_000) }),
    response: z.object({ series: z.array(TrainingSeries) }),
  },
  "GET /api/v1/training-runs/:trainingRunId/logs": {
    name: "getTrainingLogs",
    summary: "The end of what the trainer printed",
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
    response: z.object({ items: z.array(TrainingCheckpoint) }),
  },
  "POST /api/v1/training/validate": {
    name: "validateTraining",
    summary: "Read a configuration, also one of Axolotl, LLaMA-Factory or TRL, and say all that is wrong with it",
    permission: "training:read",
    body: anything,
    response: TrainingValidation,
  },
  "POST /api/v1/training/estimate": {
    name: "estimateTraining",
    summary: "What a run would take of memory and time on this machine",
    permission: "training:write",
    body: anything,
    response: TrainingEstimate,
  },
  "POST /api/v1/training/preview": {
    name: "previewTraining",
    summary: "The first rows as the model would see them, and which tokens the loss counts",
    permission: "training:write",
    body: anything.extend({ limit: z.number().int().min(1).max(50).default(5) }),
    response: TrainingPreview,
  },
  "POST /api/v1/training/manifest": {
    name: "writeTrainingManifest",
    summary: "The Job or TrainJob that a run would send to its Kubernetes cluster, as YAML; nothing is sent",
    permission: "training:write",
    body: anything,
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
    summary: "Whether this machine can train: the Python, its packages, and what is missing",
    permission: "training:read",
    query: environment.extend({
      probe: z.stringbool().default(false).describe("Run its own check, which takes seconds."),
    }),
    response: Trainer,
  },
  "POST /api/v1/trainer/install": {
    name: "installTrainer",
    summary: "Make a Python environment in the data folder and install what trains models, or what writes ONNX",
    permission: "system:write",
    query: environment,
    response: Trainer,
    status: 202,
  },
});
