import { type SQL, sql } from "drizzle-orm";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../postgres/port.ts";
import { createOrderStore } from "./order-store.ts";
import type { Jobs } from "./port.ts";
import { type Registered, toRegistered } from "./run-job.ts";
import { createRunner } from "./runner.ts";
import { createJobStore, toJob } from "./store.ts";
import { TIMING, type Timing } from "./timing.ts";
import { createWatchers } from "./watch.ts";

type Options = {
  readonly db: Postgres;
  readonly log: Log;
  /**
   * Whether this process has exclusive use of the database, like the embedded one. Interrupted jobs are then resumed
   * immediately.
   */
  readonly isAlone: boolean;
  /** A condition on a row of `jobs` under which the job waits, such as that its project is archived. Without it no job does. */
  readonly isPaused?: SQL;
  readonly timing?: Partial<Timing>;
};

export type JobsAdapter = Jobs & {
  /** When every kind has its handler. */
  start(): void;
  /** Stops active jobs and waits for them. The next start continues them. */
  close(): Promise<void>;
};

const LONGEST_TITLE = 300;

/** Jobs in PostgreSQL. */
export function openJobs({ db, log, isAlone, isPaused = sql`false`, timing: given }: Options): JobsAdapter {
  const timing = { ...TIMING, ...given };
  const handlers = new Map<string, Registered>();
  const watchers = createWatchers({ db, pollMs: timing.beatMs });
  const { changed, watch } = watchers;
  const runner = createRunner({ db, log, owner: newId("runner"), isAlone, timing, handlers, isPaused, changed });

  async function explain(projectId: string, jobId: string, problem: string): Promise<AppError> {
    const row = await createJobStore(db).find(projectId, jobId);
    if (!row) return notFound("job", jobId);
    return new AppError("conflict", { message: `${problem}: it is ${row.status}.`, details: { status: row.status } });
  }

  return {
    start: runner.start,
    close: runner.close,
    register(kind, handler) {
      if (handlers.has(kind.name)) throw new Error(`The job kind "${kind.name}" already has a handler.`);
      handlers.set(kind.name, toRegistered(kind, handler));
    },
    async send(tx, { projectId, actor }, order) {
      const jobId = await createOrderStore(tx).create({
        id: newId("job"),
        projectId,
        kind: order.kind.name,
        title: order.title.replaceAll("\0", "").slice(0, LONGEST_TITLE),
        subject: order.subject ?? null,
        key: order.key ?? null,
        payload: order.kind.payload.parse(order.payload),
        everySeconds: order.everySeconds ?? null,
        createdBy: actor,
        runAt: order.runAt ?? null,
      });
      runner.nudge();
      return jobId;
    },
    async get({ projectId }, jobId) {
      const row = await createJobStore(db).find(projectId, jobId);
      if (!row) throw notFound("job", jobId);
      return toJob(row);
    },
    list: ({ projectId }, query) => createJobStore(db).list(projectId, query),
    async cancel({ projectId }, jobId) {
      const row = await createOrderStore(db).cancel(projectId, jobId);
      if (!row) throw await explain(projectId, jobId, "The job has ended and cannot be canceled");
      runner.stop(jobId);
      changed(projectId);
      return toJob(row);
    },
    async retry({ projectId }, jobId) {
      const row = await createOrderStore(db).retry(projectId, jobId).catch(explainTwin);
      if (!row) throw await explain(projectId, jobId, "Only a job that failed or was canceled can run again");
      runner.nudge();
      changed(projectId);
      return toJob(row);
    },
    watch: ({ projectId }, query, signal) => watch(projectId, query, signal),
  };
}

/** Two jobs with the same key never run concurrently. */
function explainTwin(error: unknown): never {
  const cause = error instanceof Error ? error.cause : null;
  const isTwin = cause instanceof Error && "code" in cause && cause.code === "23505";
  if (!isTwin) throw error;
  throw new AppError("conflict", { message: "The same job is already queued or running.", cause: error });
}
