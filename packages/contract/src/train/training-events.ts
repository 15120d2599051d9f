import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";

const finite = z.number().nullish();
/** Names of files with their SHA-256. */
export const TrainingFiles = z.record(z.string().max(400), z.string().max(128)).describe("Names with their SHA-256.");
const text = z.string().max(100_000);

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.looseObject({
    seq: z.number().int().min(1).max(MOST_INTEGER).describe("Increases by one with every event of a run."),
    t: z.number().describe("Seconds since 1970, by the trainer's clock."),
    type: z.literal(type),
    ...shape,
  });

export const TRAINER_STATUSES = [
  "starting",
  "loading",
  "tokenising",
  "running",
  "evaluating",
  "saving",
  "exporting",
] as const;
export const STOP_REASONS = ["completed", "user", "budget", "signal", "early_stopping", "non_finite_loss"] as const;

/** Which checkpoint of a run becomes its model: the one with the lowest evaluation loss, or the last one. */
export const RESULT_CHOICES = ["best", "last"] as const;
export type ResultChoice = (typeof RESULT_CHOICES)[number];

/** Why a trainer leaves a row out: nothing to learn fits into `sequence_len`, or there is nothing to learn at all. */
export const LEFT_OUT_REASONS = ["too_long", "nothing_to_learn"] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** A row that is not trained or evaluated on. */
export const LeftOutRow = z.object({
  source: z.number().int().min(0).describe("The index of the run's source, counted from 0."),
  item: z.string().max(400),
  reason: z.enum(LEFT_OUT_REASONS),
});

/** What a trainer tells while it works: one line each of `events.jsonl`. */
export const TrainingEvent = z.discriminatedUnion("type", [
  event("status", {
    status: z.enum(TRAINER_STATUSES),
    step: finite,
    total_steps: finite,
    done: finite.describe("For an evaluation: finished batches. While rows are read: rows."),
    total: finite,
    message: text.nullish(),
  }),
  event("rows", {
    split: z.enum(["train", "val"]),
    rows: z.number().describe("Rows that the trainer received."),
    kept: z.number().describe("Rows that it uses for training or evaluation."),
    part: z.number().int().min(1).describe("If there are many rows, several events name them."),
    parts: z.number().int().min(1),
    left_out: z.array(LeftOutRow),
  }),
  event("heartbeat", { rss_mb: finite }),
  event("estimate", { seconds: finite, memory_mb: finite, basis: text.nullish() }),
  event("metrics", {
    step: z.number(),
    total_steps: finite,
    epoch: finite,
    loss: finite,
    lr: finite,
    grad_norm: finite,
    mean_token_accuracy: finite,
    num_tokens: finite,
    tokens_per_s: finite,
    elapsed_s: finite,
    eta_s: finite,
    rss_mb: finite,
    /** Told only while they are fewer than the run was promised. */
    threads: finite,
  }),
  event("eval", { step: z.number(), eval_loss: finite }),
  event("sample", { step: z.number(), prompt: z.unknown(), output: text }),
  event("checkpoint", {
    step: z.number(),
    path: z.string().max(4_000),
    files: TrainingFiles,
    eval_loss: finite,
    is_best: z.boolean().nullish(),
  }),
  event("warning", { code: z.string().max(120), message: text }),
  event("artifact", {
    kind: z.enum(["adapter", "model", "gguf-adapter", "gguf"]),
    path: z.string().max(4_000),
    files: TrainingFiles,
  }),
  event("error", { code: z.string().max(120), message: text, what_to_do: text.nullish() }),
  event("done", {
    step: z.number(),
    reason: z.enum(STOP_REASONS),
    best_step: finite,
    best_eval_loss: finite,
    trained_tokens: finite,
    model_step: finite.describe("The step whose checkpoint became the model."),
    model_from: z.enum(RESULT_CHOICES).nullish(),
    model_eval_loss: finite,
  }),
]);
export type TrainingEvent = z.output<typeof TrainingEvent>;

export const TRAINING_EVENT_TYPES = TrainingEvent.options.map((option) => option.shape.type.value);
