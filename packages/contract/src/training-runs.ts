import { z } from "zod";
import { Timestamp } from "./pages.ts";
import { TrainingConfig } from "./training-config.ts";
import { STOP_REASONS } from "./training-events.ts";

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
  version: z.string().nullable().describe("As it was asked for."),
  root: z.string().nullable().describe("The Merkle root of the dataset's rows, or the SHA-256 of the file."),
  rows: z.number(),
});
export type TrainingSource = z.infer<typeof TrainingSource>;

export const TrainingData = z.object({
  format: z.string(),
  train: z.number().describe("Rows."),
  val: z.number(),
  skipped: z.number().describe("Rows that could not be trained on."),
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
  etaSeconds: number.describe("What is left, as the trainer measured."),
  trainedTokens: number,
  bestStep: number,
  bestEvalLoss: number,
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

export const TrainingRun = z.object({
  trainingRunId: z.string(),
  name: z.string().describe("What its model is called."),
  status: z.enum(TRAINING_STATUSES),
  message: z.string().describe("What is being done right now, for people."),
  wanted: z.enum(["run", "stop", "pause", "cancel"]).describe("What was asked of it; `run` when nothing was."),
  queuePosition: z.number().nullable().describe("1 is the next; null when it does not wait."),
  config: TrainingConfig,
  base: z.object({ ref: z.string(), hash: z.string().nullable() }),
  data: TrainingData.nullable().describe("Null until it is prepared."),
  progress: TrainingProgress,
  stopReason: z.enum(STOP_REASONS).nullable(),
  error: TrainingError.nullable(),
  warnings: z.array(z.string()),
  canResume: z.boolean(),
  resumeBlockedReason: z.string().nullable(),
  attempt: z.number().describe("How often it was begun or resumed."),
  model: z.object({ name: z.string(), version: z.number() }).nullable().describe("Where it stands in the registry."),
  remote: z
    .object({ connection: z.string(), jobId: z.string().nullable(), model: z.string().nullable() })
    .nullable()
    .describe("Of a run at a provider: the provider's names of the job and of the model."),
  costUsd: number.describe("What a provider takes for what it has trained, by the price that the configuration gives."),
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
  sizeBytes: z.number().describe("0 when its files are gone."),
  isThere: z.boolean().describe("Whether its files are still kept."),
  createdAt: Timestamp,
});
export type TrainingCheckpoint = z.infer<typeof TrainingCheckpoint>;

/** A curve of a run, thinned out so that its highs and lows stay. */
export const TrainingSeries = z.object({
  key: z.string().describe("Such as `loss`, `lr`, `eval_loss`."),
  points: z.array(z.tuple([z.number(), z.number()])).describe("Steps with their values, in their order."),
  total: z.number().describe("Points before they were thinned out."),
});
export type TrainingSeries = z.infer<typeof TrainingSeries>;

export const TrainingProblem = z.object({
  path: z.string().describe("Such as `lora.r`; empty for the whole."),
  message: z.string(),
});
export type TrainingProblem = z.infer<typeof TrainingProblem>;

/** What a configuration says, before anything is computed. */
export const TrainingValidation = z.object({
  config: TrainingConfig.nullable().describe("With every default; null when something is wrong."),
  problems: z.array(TrainingProblem),
  warnings: z.array(z.string()).describe("Such as keys of another tool that mean nothing here."),
});
export type TrainingValidation = z.infer<typeof TrainingValidation>;

export const TrainingEstimate = z.looseObject({
  parameters: number.optional(),
  trainable: number.optional(),
  memory_mb: z.unknown().describe("By part, such as weights and gradients."),
  free_mb: number.optional().describe("What a run could have of this machine's memory when it was asked."),
  tokens: number.optional(),
  steps: number.optional(),
  seconds: z.unknown().describe("With how far it may be off."),
  epochs: number.optional(),
  cost_usd: number.optional().describe("What a provider would take, where the configuration gives its price."),
  rows: z.object({ train: z.number(), val: z.number(), skipped: z.number() }),
});
export type TrainingEstimate = z.infer<typeof TrainingEstimate>;

const Token = z.looseObject({
  id: z.number(),
  text: z.string(),
  masked: z.boolean().describe("Whether the loss leaves it out."),
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
  yaml: z.string().describe("The manifest, with `RUN_ID` where a run has its id."),
});
export type TrainingManifest = z.infer<typeof TrainingManifest>;

export const TRAINER_STATES = ["missing", "installing", "broken", "ready"] as const;

/** The Python that trains, apart from the server. */
export const Trainer = z.object({
  state: z.enum(TRAINER_STATES),
  message: z.string(),
  python: z.string().nullable().describe("The program that is used."),
  jobId: z.string().nullable().describe("The installation that runs, or ran last."),
  doctor: z
    .unknown()
    .describe("What the trainer says of itself: versions, what is missing, the CPU; null when it cannot."),
});
export type Trainer = z.infer<typeof Trainer>;
