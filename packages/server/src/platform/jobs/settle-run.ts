import { ERRORS, type Job } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { HeldStore } from "./held-store.ts";
import type { Outcome, Run } from "./run-job.ts";

type Deps = { readonly store: HeldStore; readonly log: Log; readonly firstWaitMs: number };

const LONGEST_WAIT_MS = 600_000;

/** Milliseconds after the n-th failure (from 1): four times as long as after the one before it, up to ten minutes. */
const waitAfter = (failures: number, firstWaitMs: number) =>
  Math.min(LONGEST_WAIT_MS, firstWaitMs * 4 ** Math.min(failures - 1, 10));

/** Writes down what became of a run. Gives the milliseconds after which the job is due again, or null when it is not. */
export async function settleRun(run: Run, outcome: Outcome, deps: Deps): Promise<number | null> {
  const { row, held, progress } = run;
  const { store } = deps;
  const kept = { error: row.error, failures: row.failures, result: row.result, progress: progress.current };
  const everyMs = row.everySeconds === null ? null : row.everySeconds * 1_000;
  if (outcome.type === "done") {
    const done = { ...kept, result: outcome.result, error: null };
    if (everyMs === null) await store.end(held, { ...done, status: "done" });
    else await store.putBack(held, { ...done, failures: 0, waitMs: everyMs, isAnew: true });
    return everyMs;
  }
  if (outcome.type === "failed") return settleFailure(run, outcome.error, { ...deps, everyMs });
  if (outcome.reason === "cancelled") await store.end(held, { ...kept, status: "cancelled", error: null });
  if (outcome.reason === "stopping") await store.putBack(held, { ...kept, waitMs: 0, isAnew: false });
  return null;
}

type FailureDeps = Deps & { readonly everyMs: number | null };

async function settleFailure(run: Run, cause: unknown, { store, log, firstWaitMs, everyMs }: FailureDeps) {
  const { row, held, handler, progress } = run;
  const failures = row.failures + 1;
  const error = describe(cause);
  const kept = { result: row.result, error, failures, progress: progress.current };
  const isLast = isFinal(cause) || failures >= handler.maxTries;
  const fields = { error: cause, jobId: row.id, kind: row.kind, failures };
  if (isLast) log.error(fields, "a job failed");
  else log.warn(fields, "a job failed and is tried again");
  if (isLast && everyMs === null) {
    await store.end(held, { ...kept, status: "failed" });
    return null;
  }
  const asked = cause instanceof AppError ? (cause.retryAfterSeconds ?? 0) * 1_000 : 0;
  const waitMs = isLast && everyMs !== null ? everyMs : Math.max(asked, waitAfter(failures, firstWaitMs));
  await store.putBack(held, { ...kept, failures: isLast ? 0 : failures, waitMs, isAnew: isLast });
  return waitMs;
}

/** What the asker did wrong is wrong again the next time. */
const isFinal = (error: unknown) => error instanceof AppError && error.status < 500 && error.status !== 429;

const describe = (error: unknown): NonNullable<Job["error"]> =>
  error instanceof AppError ? { code: error.code, message: error.message } : { code: "internal", message: INTERNAL };

const INTERNAL = `${ERRORS.internal[1].split(".")[0]}. The server's log says more beside the id of this job.`;
