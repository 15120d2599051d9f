import { z } from "zod";

const finite = z.number().nullish();
const files = z.record(z.string().max(400), z.string().max(128)).describe("Names with their SHA-256.");
const text = z.string().max(100_000);

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.looseObject({
    seq: z.number().int().min(1).describe("Grows by one with every event of a run."),
    t: z.number().describe("Seconds since 1970, by the clock of the trainer."),
    type: z.literal(type),
    ...shape,
  });

export const TRAINER_STATUSES = ["starting", "loading", "tokenising", "running", "saving", "exporting"] as const;
export const STOP_REASONS = ["completed", "user", "budget", "signal", "early_stopping", "non_finite_loss"] as const;

/** What a trainer tells while it works: one line each of `events.jsonl`. */
export const TrainingEvent = z.discriminatedUnion("type", [
  event("status", {
    status: z.enum(TRAINER_STATUSES),
    step: finite,
    total_steps: finite,
    message: text.nullish(),
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
    files,
    eval_loss: finite,
    is_best: z.boolean().nullish(),
  }),
  event("warning", { code: z.string().max(120), message: text }),
  event("artifact", {
    kind: z.enum(["adapter", "model", "gguf-adapter", "gguf"]),
    path: z.string().max(4_000),
    files,
  }),
  event("error", { code: z.string().max(120), message: text, what_to_do: text.nullish() }),
  event("done", {
    step: z.number(),
    reason: z.enum(STOP_REASONS),
    best_step: finite,
    best_eval_loss: finite,
    trained_tokens: finite,
  }),
]);
export type TrainingEvent = z.output<typeof TrainingEvent>;

export const TRAINING_EVENT_TYPES = TrainingEvent.options.map((option) => option.shape.type.value);
