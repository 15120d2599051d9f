import type { TrainingEvent, TrainingStatus } from "@treadle/contract";
import type { CheckpointRow } from "../stores/event-store.ts";
import type { RunRow } from "../stores/store.ts";

const seconds = (date: Date | null) => (date === null ? null : Math.floor(date.getTime() / 1_000));

function statusOf({ status, progress }: RunRow) {
  const names: Readonly<Record<TrainingStatus, string>> = {
    queued: "queued",
    preparing: progress.step === null ? "validating_files" : "running",
    running: "running",
    saving: "running",
    succeeded: "succeeded",
    failed: "failed",
    cancelled: "cancelled",
    paused: "paused",
  };
  return names[status];
}

/** A run as a job of OpenAI's API. */
export function presentJob(row: RunRow, now: number) {
  const { config, wire, progress, error, status } = row;
  const hyperparameters = {
    n_epochs: config.num_epochs ?? "auto",
    batch_size: config.micro_batch_size * config.gradient_accumulation_steps,
    learning_rate_multiplier: "auto",
    ...(config.method === "dpo" && { beta: config.beta }),
  };
  const type = config.method === "dpo" ? "dpo" : "supervised";
  const eta = status === "running" ? progress.etaSeconds : null;
  return {
    id: row.id,
    object: "fine_tuning.job",
    created_at: seconds(row.createdAt),
    finished_at: finishedAt(row),
    model: wire?.model ?? config.base_model,
    fine_tuned_model: row.model?.name ?? null,
    status: statusOf(row),
    organization_id: row.projectId,
    result_files: [],
    seed: config.seed,
    metadata: row.metadata,
    training_file: wire?.trainingFile ?? config.datasets[0]?.ref ?? "",
    validation_file: wire?.validationFile ?? null,
    hyperparameters,
    method: { type, [type]: { hyperparameters } },
    trained_tokens: progress.trainedTokens === null ? null : Math.round(progress.trainedTokens),
    estimated_finish: eta === null ? null : Math.round(now / 1_000 + eta),
    error: error && { code: error.code, message: `${error.message} ${error.whatToDo}`.trim(), param: null },
    integrations: [],
    user_provided_suffix: wire?.suffix ?? null,
  };
}

const finishedAt = ({ status, endedAt }: RunRow) => (status === "paused" ? null : seconds(endedAt));

export const eventIdOf = (runId: string, seq: number) => `ftevent-${runId}-${seq}`;
export const seqOfEventId = (id: string): number => Number(/-(\d+)$/.exec(id)?.[1] ?? Number.NaN);

/** An event in OpenAI's format. Null if that format has no such event. */
export function presentEvent(runId: string, event: TrainingEvent) {
  const [level, message] = wordsOf(event);
  return {
    object: "fine_tuning.job.event",
    id: eventIdOf(runId, event.seq),
    created_at: Math.floor(event.t),
    level,
    message,
    type: event.type === "metrics" || event.type === "eval" ? "metrics" : "message",
    data: dataOf(event),
  };
}

function wordsOf(event: TrainingEvent): readonly ["info" | "warn" | "error", string] {
  switch (event.type) {
    case "metrics":
      return ["info", `Step ${event.step}/${event.total_steps ?? "?"}: training loss=${event.loss?.toFixed(4) ?? "?"}`];
    case "eval":
      return ["info", `Step ${event.step}: validation loss=${event.eval_loss?.toFixed(4) ?? "?"}`];
    case "checkpoint":
      return ["info", `Checkpoint created at step ${event.step}`];
    case "warning":
      return ["warn", event.message];
    case "error":
      return ["error", event.message];
    case "done":
      return ["info", `The training has ended: ${event.reason}`];
    case "artifact":
      return ["info", `Result written: ${event.kind}`];
    case "status":
      return ["info", event.message || `The job is ${event.status}`];
    default:
      return ["info", event.type];
  }
}

function dataOf(event: TrainingEvent): object | null {
  if (event.type === "eval") return { step: event.step, valid_loss: event.eval_loss ?? null };
  if (event.type !== "metrics") return null;
  const { step, total_steps, loss, mean_token_accuracy } = event;
  return { step, total_steps, train_loss: loss ?? null, train_mean_token_accuracy: mean_token_accuracy ?? null };
}

export const checkpointIdOf = (runId: string, step: number) => `ftckpt-${runId}-${step}`;

/** A checkpoint as OpenAI's API has it. */
export const presentCheckpoint = (row: RunRow, { step, evalLoss, createdAt }: CheckpointRow) => ({
  object: "fine_tuning.job.checkpoint",
  id: checkpointIdOf(row.id, step),
  created_at: seconds(createdAt),
  fine_tuning_job_id: row.id,
  step_number: step,
  fine_tuned_model_checkpoint: `${row.name}:ckpt-step-${step}`,
  metrics: { step, ...(evalLoss !== null && { valid_loss: evalLoss }) },
});
