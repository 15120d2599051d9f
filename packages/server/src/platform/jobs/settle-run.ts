import { ERRORS, type Job, type JobProgress } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { HeldStore } from "./held-store.ts";
import { triesFor, waitAfter } from "./retry-policy.ts";
import type { Outcome, Run } from "./run-job.ts";
import type { Timing } from "./timing.ts";

type Deps = {
  readonly store: HeldStore;
  readonly log: Log;
  readonly waits: Pick<Timing, "firstWaitMs" | "longestWaitMs">;
};

/** Writes down what became of a run. Gives the milliseconds after which the job is due again, or null when it is not. */
export async function settleRun(run: Run, outcome: Outcome, deps: Deps): Promise<number | null> {
  const { row, held, handler, progress } = run;
  const { store } = deps;
  const kept = { error: row.error, failures: row.failures, result: row.result, progress: progress.current };
  const everyMs = row.everySeconds === null ? null : row.everySeconds * 1_000;
  if (outcome.type === "done") {
    const done = {
      ...kept,
      result: outcome.result,
      error: null,
      ...(handler.isWhole(outcome.result) && atTotal(kept)),
    };
    if (everyMs === null) await store.end(held, { ...done, status: "done" });
    else await store.putBack(held, { ...done, failures: 0, waitMs: everyMs, isAnew: true });
    return everyMs;
  }
  if (outcome.type === "failed") return settleFailure(run, outcome.error, { ...deps, everyMs });
  if (outcome.reason === "cancelled") await store.end(held, { ...kept, status: "cancelled", error: null });
  if (outcome.reason === "stopping" || outcome.reason === "paused")
    await store.putBack(held, { ...kept, waitMs: 0, isAnew: false });
  return null;
}

/** The last report may be older than the last piece of work, or count only what is left after a restart. */
const atTotal = ({ progress }: { readonly progress: JobProgress }) =>
  progress.total === null ? {} : { progress: { ...progress, done: progress.total } };

type FailureDeps = Deps & { readonly everyMs: number | null };

async function settleFailure(run: Run, cause: unknown, { store, log, waits, everyMs }: FailureDeps) {
  const { row, held, handler, progress } = run;
  const failures = row.failures + 1;
  const error = describe(cause);
  const outcome = { result: row.result, error, failures, progress: progress.current };
  const isLast = failures >= triesFor(cause, handler.maxTries);
  const fields = { error: cause, jobId: row.id, kind: row.kind, failures };
  if (isLast && isAnswer(cause)) log.warn({ jobId: row.id, kind: row.kind, ...error }, "a job was rejected");
  else if (isLast) log.error(fields, "a job failed");
  else log.warn(fields, "a job failed and will be retried");
  if (isLast && everyMs === null) {
    await store.end(held, { ...outcome, status: "failed" });
    return null;
  }
  const asked = cause instanceof AppError ? (cause.retryAfterSeconds ?? 0) * 1_000 : 0;
  // A job that recurs is never retried less often than it runs.
  const longestWaitMs = Math.min(waits.longestWaitMs, everyMs ?? Number.POSITIVE_INFINITY);
  const retryMs = Math.max(asked, waitAfter(failures, { ...waits, longestWaitMs }));
  const waitMs = isLast && everyMs !== null ? everyMs : retryMs;
  await store.putBack(held, { ...outcome, failures: isLast ? 0 : failures, waitMs, isAnew: isLast });
  return waitMs;
}

/** An error that answers the request, such as a file with the wrong columns. Its cause is the input, so its stack helps no one. */
const isAnswer = (cause: unknown): boolean => cause instanceof AppError && ERRORS[cause.code][0] < 500;

const describe = (error: unknown): NonNullable<Job["error"]> =>
  error instanceof AppError ? { code: error.code, message: error.message } : { code: "internal", message: INTERNAL };

const INTERNAL = `${ERRORS.internal[1].split(".")[0]}. The server log has more details under the id of this job.`;
