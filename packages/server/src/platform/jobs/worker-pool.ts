import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../postgres/port.ts";
import { createHeldStore } from "./held-store.ts";
import { type Registered, type Run, startRun } from "./run-job.ts";
import { settleRun } from "./settle-run.ts";
import type { JobRow } from "./store.ts";
import type { Timing } from "./timing.ts";

type Deps = {
  readonly db: Postgres;
  readonly log: Log;
  /** Names this process among those that share the database. */
  readonly owner: string;
  readonly timing: Timing;
  changed(projectId: string): void;
  /** A place is free; the job is due again after so many milliseconds, unless null. */
  ended(dueInMs: number | null): void;
};

/** A job that takes its process with it is not run for ever. */
const MOST_INTERRUPTIONS = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

const refuse = ({ title }: JobRow) =>
  Promise.reject(
    new AppError("unprocessable", {
      message: `The server stopped ${MOST_INTERRUPTIONS} times while "${title}" was running, and the job made no progress in between. The job may need more memory than the machine has.`,
    }),
  );

/** The jobs that this process runs, from when it has taken them until their end is written down. */
export function createWorkerPool({ db, log, owner, timing, changed, ended }: Deps) {
  const store = createHeldStore(db);
  const runs = new Map<string, Run>();
  const endings = new Set<Promise<void>>();
  const stopping = new AbortController();

  function begin(row: JobRow, handler: Registered): void {
    const { leaseMs, progressMs } = timing;
    const run = startRun(row, {
      db,
      log,
      held: { jobId: row.id, owner },
      leaseMs,
      progressMs,
      changed: () => changed(row.projectId),
      handler: row.interruptions > MOST_INTERRUPTIONS ? { ...handler, start: refuse } : handler,
    });
    runs.set(row.id, run);
    changed(row.projectId);
    if (stopping.signal.aborted) run.stop("stopping");
    const ending = end(run).finally(() => endings.delete(ending));
    endings.add(ending);
  }

  async function end(run: Run): Promise<void> {
    const outcome = await run.outcome;
    const dueInMs = await persist(() => settleRun(run, outcome, { store, log, waits: timing }));
    runs.delete(run.row.id);
    changed(run.row.projectId);
    if (!stopping.signal.aborted) ended(dueInMs);
  }

  /** A database that is away for a while shall not leave a job unsettled. */
  async function persist<T>(write: () => Promise<T>): Promise<T | null> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      try {
        return await write();
      } catch (error) {
        log.error({ error }, "the result of a job could not be written");
        if (stopping.signal.aborted) return null;
      }
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    begin,
    runs,
    signal: stopping.signal,
    countOf: (kind: string) => [...runs.values()].filter(({ row }) => row.kind === kind).length,
    /** From now on, every started job is stopped immediately. */
    stop(): void {
      stopping.abort();
      for (const run of runs.values()) run.stop("stopping");
    },
    /** Resolves when all have ended, or when they had time enough. */
    async settled(): Promise<void> {
      const whole = Promise.all(endings).then(() => true);
      if (await Promise.race([whole, delay(timing.graceMs, false, { ref: false })])) return;
      log.warn({ jobs: [...runs.keys()] }, "jobs did not stop in time; they continue at the next start");
    },
  };
}
