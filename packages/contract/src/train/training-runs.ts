import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { TrainingConfig } from "./training-config.ts";
import { RESULT_CHOICES, STOP_REASONS } from "./training-events.ts";

export const TRAINING_STATUSES = [
  "queued",
  "preparing",
  "running",
  "saving",
  "succeeded",
  "failed",
  "cancelled",
  "paused",
] as const;
export type TrainingStatus = (typeof TRAINING_STATUSES)[number];
export const ENDED_TRAINING: ReadonlySet<TrainingStatus> = new Set(["succeeded", "failed", "cancelled", "paused"]);

/** Why a run failed. `user`: the configuration or the data must change; `platform`: the run may be tried again as it is. */
export const TrainingError = z.object({
  kind: z.enum(["user", "platform"]),
  code: z.string(),
  message: z.string(),
  whatToDo: z.string(),
});
export type TrainingError = z.infer<typeof TrainingError>;

/** Where the rows of a run came from, fixed when it was prepared. */
export const TrainingSource = z.object({
  ref: z.string(),
  datasetId: z.string().nullable(),
  fileId: z.string().nullable(),
  version: z.string().nullable().describe("As requested."),
  root: z.string().nullable().describe("The Merkle root of the dataset's rows, or the SHA-256 of the file."),
  rows: z.number().describe("Rows that the trainer received."),
  kept: z.number().nullish().describe("Rows that the trainer retained. Null until it has read them."),
});
export type TrainingSource = z.infer<typeof TrainingSource>;

export const TrainingData = z.object({
  format: z.string(),
  train: z.number().describe("Rows that the trainer received for training."),
  val: z.number().describe("Rows that the trainer received for evaluation."),
  kept: z
    .object({ train: z.number(), val: z.number() })
    .nullish()
    .describe("Rows that remain after the trainer's own filters, such as length. Null until it has read them."),
  skipped: z.number().describe("Rows that could not be used for training."),
  sources: z.array(TrainingSource),
});
export type TrainingData = z.infer<typeof TrainingData>;

const number = z.number().nullable();

export const TrainingProgress = z.object({
  step: number,
  totalSteps: number,
  epoch: number,
  loss: number,
  evalLoss: number,
  tokensPerSecond: number,
  memoryMb: number,
  elapsedSeconds: number,
  etaSeconds: number.describe("The remaining time, measured by the trainer."),
  trainedTokens: number,
  bestStep: number,
  bestEvalLoss: number,
  evalBatches: number.describe("Finished batches of the current evaluation. Null while none runs."),
  evalTotalBatches: number,
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

/** The checkpoint that became the model of a run. */
export const TrainingResult = z.object({
  step: z.number(),
  from: z.enum(RESULT_CHOICES).describe("Whether it is the best checkpoint or the last one."),
  evalLoss: number.describe("The loss on the held-out rows at that step."),
});
export type TrainingResult = z.infer<typeof TrainingResult>;

export const TrainingRun = z.object({
  trainingRunId: z.string(),
  name: z.string().describe("The name of its model."),
  status: z.enum(TRAINING_STATUSES),
  message: z.string().describe("The current step, in words."),
  wanted: z.enum(["run", "stop", "pause", "cancel"]).describe("The requested action. `run` if there was none."),
  wantedResult: z
    .enum(RESULT_CHOICES)
    .nullable()
    .describe("The checkpoint that the user chose when stopping the run; null if there was no choice."),
  queuePosition: z.number().nullable().describe("The position in the queue, from 1. Null when the run does not wait."),
  config: TrainingConfig,
  base: z.object({ ref: z.string(), hash: z.string().nullable() }),
  data: TrainingData.nullable().describe("Null until prepared."),
  progress: TrainingProgress,
  stopReason: z.enum(STOP_REASONS).nullable(),
  error: TrainingError.nullable(),
  warnings: z.array(z.string()),
  canResume: z.boolean(),
  resumeBlockedReason: z.string().nullable(),
  attempt: z.number().describe("How often the run was started or resumed."),
  model: z.object({ name: z.string(), version: z.number() }).nullable().describe("Its version in the registry."),
  result: TrainingResult.nullable().describe("The step that became the model. Null without one, or at a provider."),
  remote: z
    .object({ connection: z.string(), jobId: z.string().nullable(), model: z.string().nullable() })
    .nullable()
    .describe("For a run at a provider: the provider's names of the job and of the model."),
  costUsd: number.describe("The provider's charge for the training so far, by the price in the configuration."),
  metadata: z.record(z.string(), z.string()),
  jobId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

export const TrainingCheckpoint = z.object({
  step: z.number(),
  evalLoss: z.number().nullable(),
  isBest: z.boolean(),
  sizeBytes: z.number().describe("0 if its files were deleted."),
  isThere: z.boolean().describe("Whether its files are still stored."),
  createdAt: Timestamp,
});
export type TrainingCheckpoint = z.infer<typeof TrainingCheckpoint>;

/** A curve of a run, thinned out so that its highs and lows stay. */
export const TrainingSeries = z.object({
  key: z.string().describe("For example `loss`, `lr`, `eval_loss`."),
  points: z.array(z.tuple([z.number(), z.number()])).describe("Steps with their values, in order."),
  total: z.number().describe("The number of points before they were thinned out."),
});
export type TrainingSeries = z.infer<typeof TrainingSeries>;

export const TrainingProblem = z.object({
  path: z.string().describe("For example `lora.r`. Empty for the whole configuration."),
  message: z.string(),
});
export type TrainingProblem = z.infer<typeof TrainingProblem>;

/** What a configuration says, before anything is computed. */
export const TrainingValidation = z.object({
  config: TrainingConfig.nullable().describe("The configuration with all defaults. Null if it has errors."),
  problems: z.array(TrainingProblem),
  warnings: z.array(z.string()).describe("For example, keys of another tool that have no effect here."),
});
export type TrainingValidation = z.infer<typeof TrainingValidation>;

/** An estimate is a job: `GET /api/v1/jobs/:jobId` says how far it is. */
export const TrainingEstimateJob = z.object({ jobId: z.string() });

export const TrainingEstimate = z.looseObject({
  parameters: number.optional(),
  trainable: number.optional(),
  memory_mb: z.unknown().describe("By part, such as weights and gradients."),
  free_mb: number.optional().describe("The memory that was available for a run at the time of the estimate."),
  tokens: number.optional(),
  steps: number.optional(),
  seconds: z.unknown().describe("The estimated duration, with its possible error."),
  epochs: number.optional(),
  cost_usd: number.optional().describe("The provider's charge, if the configuration contains its price."),
  rows: z.object({ train: z.number(), val: z.number(), skipped: z.number() }),
});
export type TrainingEstimate = z.infer<typeof TrainingEstimate>;

const Token = z.looseObject({
  id: z.number(),
  text: z.string(),
  masked: z.boolean().describe("Whether the loss excludes it."),
});

export const TrainingPreview = z.looseObject({
  samples: z.array(
    z.looseObject({
      text: z.string(),
      tokens: z.array(Token),
      length: z.number(),
      truncated: z.boolean(),
      trainable: z.number().describe("Tokens that the loss counts."),
    }),
  ),
  rows: z.object({ train: z.number(), val: z.number(), skipped: z.number() }),
});
export type TrainingPreview = z.infer<typeof TrainingPreview>;

export const TrainingManifest = z.object({
  kind: z.string().describe("`Job` or `TrainJob`."),
  name: z.string(),
  namespace: z.string(),
  target: z.string().describe("The compute target of the project."),
  yaml: z.string().describe("The manifest. It contains `RUN_ID` in place of the run's id."),
});
export type TrainingManifest = z.infer<typeof TrainingManifest>;

/** What an installation of the trainer would download. */
export const TrainerPlan = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      bytes: number.describe("Null if the index does not contain the size."),
    }),
  ),
  downloadBytes: z.number().describe("The total of all packages with a known size."),
  diskBytes: z.number().describe("The disk space that the installation needs."),
  freeBytes: z.number(),
  torch: z.enum(["cpu", "usual"]).describe("`cpu`: PyTorch without the libraries for graphics cards."),
  note: z.string().describe("Why it is not the CPU build on a machine without a graphics card. Otherwise empty."),
  python: z.string().describe("The version of Python."),
});
export type TrainerPlan = z.infer<typeof TrainerPlan>;

export const TRAINER_STATES = ["missing", "installing", "broken", "ready"] as const;

/** The Python that trains, apart from the server. */
export const Trainer = z.object({
  state: z.enum(TRAINER_STATES),
  message: z.string(),
  python: z.string().nullable().describe("The path of the Python program."),
  jobId: z.string().nullable().describe("The current or last installation."),
  planJobId: z.string().nullable().describe("The job that looks up the downloads of an installation, while it runs."),
  plan: TrainerPlan.nullable().describe("The result of the newest of these jobs. Null if there was none."),
  doctor: z
    .unknown()
    .describe("The trainer's own report: versions, missing parts, the CPU. Null if the trainer cannot run."),
});
export type Trainer = z.infer<typeof Trainer>;
