import type { TrainingEvent } from "@treadle/contract";
import { z } from "zod";
import type { Remote } from "../stores/deps.ts";
import type { ProviderCheckpoint, ProviderEvent, ProviderJob } from "./provider-client.ts";
import { pathOfRemote } from "./remote-run.ts";

/** An event without its number; it is read as one when it is written down. */
type Told = { readonly type: TrainingEvent["type"]; readonly t: number } & Readonly<Record<string, unknown>>;
/** The events of a job, oldest first. */
type Look = {
  readonly job: ProviderJob;
  readonly events: readonly ProviderEvent[];
  readonly checkpoints: readonly ProviderCheckpoint[];
  /** Seconds since 1970, by our own clock. */
  readonly now: number;
  /** The last reported step. */
  readonly step: number;
};

const MOST_WORDS = 4_000;
const number = z.number().nullish().catch(null);
const Measured = z.looseObject({
  step: z.number(),
  total_steps: number,
  train_loss: number,
  train_mean_token_accuracy: number,
  valid_loss: number,
  full_valid_loss: number,
});

/** The providers' words for the state of a job. Unknown words count as training. */
const WAITING: ReadonlySet<string> = new Set(["validating_files", "queued", "pending", "created", "preparing"]);
const WRITING: ReadonlySet<string> = new Set(["compressing", "uploading", "deploying", "postprocessing"]);
const ENDED: Readonly<Record<string, "succeeded" | "failed" | "cancelled" | "paused">> = {
  succeeded: "succeeded",
  completed: "succeeded",
  failed: "failed",
  error: "failed",
  user_error: "failed",
  cancelled: "cancelled",
  canceled: "cancelled",
  paused: "paused",
  expired: "failed",
};

/** How a job ended. Null while it is active. */
export const endOf = ({ status }: ProviderJob): "succeeded" | "failed" | "cancelled" | "paused" | null =>
  ENDED[status] ?? null;

/** The new events of a job since the last poll, in the form of trainer events, and the new state. */
export function toldBy(look: Look, remote: Remote): { readonly told: readonly Told[]; readonly remote: Remote } {
  const { job, events, now } = look;
  const fresh = look.checkpoints.filter(({ id }) => !remote.checkpoints.includes(id));
  const best = bestOf(fresh, remote);
  const told: Told[] = [
    ...(job.status === remote.status ? [] : statusTold(job, now)),
    ...events.flatMap((event) => eventTold(event, job)),
    ...fresh.map((checkpoint) => checkpointTold(checkpoint, { now, bestStep: best.bestStep })),
    ...etaTold(job, now),
    ...(endOf(job) === "succeeded" && job.status !== remote.status ? [doneTold(look, { ...remote, ...best })] : []),
  ];
  const next: Remote = {
    ...remote,
    ...best,
    status: job.status,
    model: job.fine_tuned_model ?? remote.model,
    lastEvent: events.at(-1)?.id ?? remote.lastEvent,
    checkpoints: [...remote.checkpoints, ...fresh.map(({ id }) => id)],
  };
  return { told, remote: next };
}

function statusTold({ status }: ProviderJob, t: number): Told[] {
  if (status in ENDED) return [];
  const words = `The provider reports: ${status.replaceAll("_", " ")}`;
  return [{ type: "status", t, status: phaseOf(status), message: words }];
}

const phaseOf = (status: string) =>
  WAITING.has(status) ? ("starting" as const) : WRITING.has(status) ? ("exporting" as const) : ("running" as const);

/** Text events are stored as text. Measurements are points of the curves. */
function eventTold(event: ProviderEvent, { status }: ProviderJob): Told[] {
  const t = event.created_at;
  const message = (event.message ?? "").slice(0, MOST_WORDS);
  if (event.level === "error") return [{ type: "error", t, code: "provider", message: message || "It failed." }];
  if (event.level === "warn" || event.level === "warning")
    return [{ type: "warning", t, code: "provider", message: message || "A warning without a message." }];
  const { success, data } = Measured.safeParse(event.data);
  if (!success) return [{ type: "status", t, status: phaseOf(status), message }];
  const { step, total_steps, train_loss: loss, train_mean_token_accuracy: mean_token_accuracy } = data;
  const evalLoss = data.full_valid_loss ?? data.valid_loss;
  return [
    { type: "metrics", t, step, total_steps, loss, mean_token_accuracy },
    ...(typeof evalLoss === "number" ? [{ type: "eval" as const, t, step, eval_loss: evalLoss }] : []),
  ];
}

const lossOf = ({ metrics }: ProviderCheckpoint): number | null =>
  metrics?.full_valid_loss ?? metrics?.valid_loss ?? null;

function bestOf(checkpoints: readonly ProviderCheckpoint[], { bestLoss, bestStep }: Remote) {
  let best = { bestLoss, bestStep };
  for (const checkpoint of checkpoints) {
    const loss = lossOf(checkpoint);
    if (loss !== null && (best.bestLoss === null || loss < best.bestLoss))
      best = { bestLoss: loss, bestStep: checkpoint.step_number };
  }
  return best;
}

function checkpointTold(
  checkpoint: ProviderCheckpoint,
  { now: t, bestStep }: { now: number; bestStep: number | null },
) {
  const { step_number: step, id, fine_tuned_model_checkpoint: model } = checkpoint;
  const told = { step, path: pathOfRemote(model ?? id), files: {}, eval_loss: lossOf(checkpoint) };
  return { type: "checkpoint" as const, t, ...told, is_best: step === bestStep };
}

const etaTold = ({ estimated_finish: at, status }: ProviderJob, t: number): Told[] =>
  typeof at === "number" && at > t && !(status in ENDED) ? [{ type: "estimate", t, seconds: Math.round(at - t) }] : [];

function doneTold({ job, events, checkpoints, now: t, step }: Look, { bestLoss, bestStep }: Remote): Told {
  const measured = events.flatMap(({ data }) => Measured.safeParse(data).data?.step ?? []);
  const last = Math.max(step, ...measured, ...checkpoints.map(({ step_number }) => step_number));
  const done = {
    type: "done" as const,
    t,
    step: last,
    reason: "completed" as const,
    trained_tokens: job.trained_tokens,
  };
  return { ...done, best_step: bestStep, best_eval_loss: bestLoss };
}

/** Codes of what is the provider's own fault; the rest is the asker's. */
const THEIRS = /server|internal|timeout|unavailable|platform/i;

/** The error of a failed job. */
export function failureOf({ error, status }: ProviderJob) {
  const code = error?.code ?? "training_failed";
  const isTheirs = status !== "user_error" && (status === "error" || THEIRS.test(code) || !error?.message);
  const where = error?.param ? ` (${error.param})` : "";
  return {
    kind: isTheirs ? ("platform" as const) : ("user" as const),
    code,
    message: `The provider reports: ${error?.message ?? "the job failed without a reason."}${where}`,
    whatToDo: isTheirs
      ? "Resume the run. A new job is created at the provider."
      : "Fix the problem, then start a new run.",
  };
}
