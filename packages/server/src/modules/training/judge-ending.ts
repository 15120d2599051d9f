import type { TrainingError, TrainingStatus } from "@treadle/contract";
import type { Ending } from "./follow-run.ts";
import type { RunRow } from "./store.ts";

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
/** Beyond it a shell tells a signal: 128 and its number. */
const SIGNALLED = 128;
const KILLED = 137;
const AGAIN = "Resume the run; it goes on from its last whole checkpoint.";

const failed = (
  kind: TrainingError["kind"],
  code: string,
  [message, whatToDo]: readonly [string, string],
): Judgement => ({
  status: "failed",
  message: "Failed",
  error: { kind, code, message, whatToDo },
});

/** What became of a run, by how its process ended and by what it had told before. `saving`: there is a result to keep. */
export function judgeEnding(ending: Ending, told: Told): Judgement {
  const { wanted, stopReason, error, lastLine } = told;
  if (wanted === "cancel") return { status: "cancelled", message: "Cancelled", error: null };
  if (ending.kind === "unknown")
    return failed("platform", "process_missing", [
      "There is no trace of the trainer in the run's folder any more.",
      AGAIN,
    ]);
  if (ending.kind === "silent")
    return failed("platform", "not_heard_of", ["The trainer was not heard of for too long and has been ended.", AGAIN]);
  const { exitCode } = ending;
  if (stopReason === "non_finite_loss")
    return failed("user", "non_finite_loss", [
      "The loss was no number any more.",
      error?.whatToDo || "Lower `learning_rate`, raise `warmup`, or look for broken rows.",
    ]);
  if (exitCode === DONE && stopReason !== null) return judgeDone(told);
  if (wanted === "pause") return paused();
  if (exitCode === SAVED) return { ...paused(), message: "Told to end from outside; it has saved" };
  if (exitCode === BAD_JOB)
    return {
      ...failed("user", error?.code ?? "bad_job", sentences(error, lastLine, "Mend the configuration or the data.")),
    };
  // Ended from outside with time to save, where its code is not told.
  if (exitCode === null && stopReason === "signal")
    return { ...paused(), message: "Told to end from outside; it has saved" };
  if (exitCode === null && ending.message !== undefined)
    return failed("platform", "cluster_ended", [ending.message, error?.whatToDo || AGAIN]);
  if (exitCode === null || exitCode === KILLED)
    return failed("platform", "killed", [
      "The trainer was killed from outside, most likely because the memory ran out.",
      "Lower `sequence_len` or `micro_batch_size` if it was the memory, and resume the run.",
    ]);
  if (exitCode > SIGNALLED)
    return failed("platform", "signalled", [`The trainer was ended by the signal ${exitCode - SIGNALLED}.`, AGAIN]);
  if (exitCode === DONE) return failed("platform", "no_result", ["The trainer ended without telling a result.", AGAIN]);
  // A cluster knows more of what never began than the trainer could say.
  if (error === null && ending.message !== undefined)
    return failed("platform", "cluster_ended", [ending.message, AGAIN]);
  return failed("platform", error?.code ?? "training_failed", sentences(error, lastLine, AGAIN));
}

/** It ended as it should: with a result, unless it was asked to end before there was one. */
function judgeDone({ wanted, stopReason, artifacts }: Told): Judgement {
  if (wanted === "pause" && stopReason !== "completed") return paused();
  if (artifacts.length > 0) return { status: "saving", message: "Keeping the result", error: null };
  if (stopReason === "user")
    return { status: "cancelled", message: "Stopped before there was anything to keep", error: null };
  return failed("user", "no_result", [
    `The run ended (${stopReason}) before there was anything to keep.`,
    "Raise `budget`, or let it train for longer.",
  ]);
}

const paused = (): Judgement => ({ status: "paused", message: "Paused", error: null });

const sentences = (error: TrainingError | null, lastLine: string, remedy: string): [string, string] =>
  error
    ? [error.message, error.whatToDo || remedy]
    : [`The trainer failed${lastLine ? `: ${lastLine.slice(0, 500)}` : " and said nothing."}`, remedy];
