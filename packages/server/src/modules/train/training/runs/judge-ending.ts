import type { TrainingError, TrainingStatus } from "@treadle/contract";
import type { RunRow } from "../stores/store.ts";
import type { Ending } from "./follow-run.ts";

export type Judgement = {
  readonly status: Extract<TrainingStatus, "saving" | "paused" | "cancelled" | "failed">;
  readonly message: string;
  readonly error: TrainingError | null;
};
type Told = Pick<RunRow, "wanted" | "stopReason" | "error"> & {
  readonly artifacts: readonly unknown[];
  /** The last line that it printed. */
  readonly lastLine: string;
};

const DONE = 0;
const BAD_JOB = 1;
const SAVED = 3;
/** Above it, a shell reports a signal: 128 plus its number. */
const SIGNALLED = 128;
const KILLED = 137;
const AGAIN = "Resume the run. It continues from its last complete checkpoint.";

const failed = (
  kind: TrainingError["kind"],
  code: string,
  [message, whatToDo]: readonly [string, string],
): Judgement => ({
  status: "failed",
  message: "Failed",
  error: { kind, code, message, whatToDo },
});

/**
 * The outcome of a run, from the end of its process and its earlier events. `saving` means that there is a result to
 * save.
 */
export function judgeEnding(ending: Ending, told: Told): Judgement {
  const { wanted, stopReason, error, lastLine } = told;
  if (wanted === "cancel") return { status: "cancelled", message: "Canceled", error: null };
  if (ending.kind === "unknown")
    return failed("platform", "process_missing", ["The run's folder contains no trace of the trainer.", AGAIN]);
  if (ending.kind === "silent")
    return failed("platform", "not_heard_of", ["The trainer sent no heartbeat for too long and was stopped.", AGAIN]);
  const { exitCode } = ending;
  if (stopReason === "non_finite_loss")
    return failed("user", "non_finite_loss", [
      "The loss is no longer a number.",
      error?.whatToDo || "Lower `learning_rate`, raise `warmup`, or look for broken rows.",
    ]);
  if (exitCode === DONE && stopReason !== null) return judgeDone(told);
  if (wanted === "pause") return paused();
  if (exitCode === SAVED) return { ...paused(), message: "The run was stopped from outside and has saved its state." };
  if (exitCode === BAD_JOB)
    return {
      ...failed("user", error?.code ?? "bad_job", sentences(error, lastLine, "Fix the configuration or the data.")),
    };
  // Ended from outside with time to save, without an exit code.
  if (exitCode === null && stopReason === "signal")
    return { ...paused(), message: "The run was stopped from outside and has saved its state." };
  if (exitCode === null && ending.message !== undefined)
    return failed("platform", "cluster_ended", [ending.message, error?.whatToDo || AGAIN]);
  if (exitCode === null || exitCode === KILLED)
    return failed("platform", "killed", [
      "The trainer was killed from outside, most likely because the machine ran out of memory.",
      "If memory was the cause, lower `sequence_len` or `micro_batch_size`. Then resume the run.",
    ]);
  if (exitCode > SIGNALLED)
    return failed("platform", "signalled", [`The trainer was stopped by the signal ${exitCode - SIGNALLED}.`, AGAIN]);
  if (exitCode === DONE) return failed("platform", "no_result", ["The trainer ended without a result.", AGAIN]);
  // A cluster knows more of what never began than the trainer could say.
  if (error === null && ending.message !== undefined)
    return failed("platform", "cluster_ended", [ending.message, AGAIN]);
  return failed("platform", error?.code ?? "training_failed", sentences(error, lastLine, AGAIN));
}

/** A normal end: with a result, unless it was stopped before there was one. */
function judgeDone({ wanted, stopReason, artifacts }: Told): Judgement {
  if (wanted === "pause" && stopReason !== "completed") return paused();
  if (artifacts.length > 0) return { status: "saving", message: "Saving the result", error: null };
  if (stopReason === "user") return { status: "cancelled", message: "Stopped before there was a result", error: null };
  return failed("user", "no_result", [
    `The run ended (${stopReason}) before there was a result.`,
    "Raise `budget` to train for longer.",
  ]);
}

const paused = (): Judgement => ({ status: "paused", message: "Paused", error: null });

const sentences = (error: TrainingError | null, lastLine: string, remedy: string): [string, string] =>
  error
    ? [error.message, error.whatToDo || remedy]
    : [`The trainer failed${lastLine ? `: ${lastLine.slice(0, 500)}` : " and said nothing."}`, remedy];
