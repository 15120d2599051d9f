import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { DriftDeps } from "../deps.ts";
import { createRunStore } from "../stores/run-store.ts";
import { createWatchStore, type WatchRow } from "../stores/watch-store.ts";
import { compareDay } from "./compare-day.ts";
import { yesterday } from "./days.ts";
import { loadReference } from "./load-reference.ts";
import { settleRun } from "./settle-run.ts";

const DAILY: JobKind<object, null> = { name: "drift", payload: z.object({}), state: z.null() };
const RunPayload = z.object({ watchId: z.string(), day: z.string().nullable() });
const RUN: JobKind<z.output<typeof RunPayload>, null> = { name: "drift-run", payload: RunPayload, state: z.null() };

/** The job looks every hour, so that a day is compared soon after it ended, and after the server was off. */
const EVERY_SECONDS = 3_600;
/** Spans of the last minutes of a day can arrive later. */
const LATE_MS = 3_600_000;

/** The daily job of a project, and the job for one day of one watch. */
export function createDriftJobs(deps: DriftDeps) {
  const { db, jobs, clock } = deps;

  /** Queues the comparison of a day. */
  async function sendRun(tx: Postgres, scope: Scope, { watch, day }: { watch: WatchRow; day: string }): Promise<void> {
    const jobId = await jobs.send(tx, scope, {
      kind: RUN,
      payload: { watchId: watch.id, day },
      title: `Drift of ${watch.name} on ${day}`,
      subject: watch.id,
      key: `${watch.id} ${day}`,
    });
    const [reference] = await createWatchStore(tx).listReferences(watch.projectId, watch.id, { limit: 1, below: null });
    const at = new Date(clock.now());
    const begun = { verdict: null, result: null, createdAt: at, finishedAt: null, jobId, day };
    const { id: watchId, projectId } = watch;
    const referenceVersion = reference?.version ?? 1;
    await createRunStore(tx).beginRun({
      id: newId("drun", at.getTime()),
      projectId,
      watchId,
      referenceVersion,
      ...begun,
    });
  }

  /** Reads the texts of the newest reference now, while they still exist. */
  const sendReference = (tx: Postgres, scope: Scope, watch: WatchRow) =>
    jobs.send(tx, scope, {
      kind: RUN,
      payload: { watchId: watch.id, day: null },
      title: `Drift reference of ${watch.name}`,
      subject: watch.id,
    });

  /** Queues yesterday for each watch that has no run of it. */
  async function runDue(scope: Scope): Promise<void> {
    const day = yesterday(clock.now() - LATE_MS);
    for (const watch of await createWatchStore(db).listEnabled(scope.projectId)) {
      const existing = await createRunStore(db).findRun(scope.projectId, watch.id, day);
      if (!existing) await db.transaction((tx) => sendRun(tx, scope, { watch, day }));
    }
  }

  jobs.register(DAILY, {
    async run({ scope }) {
      await runDue(scope);
      return null;
    },
  });
  jobs.register(RUN, {
    async run({ scope, payload: { watchId, day }, signal, report }) {
      const watch = await createWatchStore(db).findWatch(scope.projectId, watchId);
      if (!watch) throw new AppError("not_found", { message: "The drift watch was deleted." });
      if (day === null) {
        const reference = await loadReference(deps, { scope, watch }, { signal });
        return { version: reference.version };
      }
      const done = await compareDay(deps, { scope, watch, day, signal, report });
      signal.throwIfAborted();
      await settleRun(deps, { scope, watch, day, done });
      return { verdict: done.verdict };
    },
  });

  return {
    sendRun,
    sendReference,
    runDue,
    /** Queues the daily job of the project, unless it is there. */
    follow: (scope: Scope, tx: Postgres) =>
      jobs.send(tx, scope, {
        kind: DAILY,
        payload: {},
        title: "Look for drift",
        key: "drift",
        everySeconds: EVERY_SECONDS,
      }),
  };
}
export type DriftJobs = ReturnType<typeof createDriftJobs>;
