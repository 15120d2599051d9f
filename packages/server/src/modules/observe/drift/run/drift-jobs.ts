import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { DriftDeps } from "../stores/deps.ts";
import { createRunStore } from "../stores/run-store.ts";
import { createWatchStore, type WatchRow } from "../stores/watch-store.ts";
import { compareDay } from "./compare-day.ts";
import { yesterday } from "./days.ts";
import { loadReference } from "./load-reference.ts";
import { settleRun } from "./settle-run.ts";

const DAILY: JobKind<object, null> = { name: "drift", payload: z.object({}), state: z.null() };
const RunPayload = z.object({ watchId: z.string(), day: z.string().nullable() });
type Payload = z.output<typeof RunPayload>;
const RUN: JobKind<Payload, null> = { name: "drift-run", payload: RunPayload, state: z.null() };

/** The job looks every hour, so that a day is compared soon after it ended, and after the server was off. */
const EVERY_DAY = { title: "Look for drift", key: "drift", everySeconds: 3_600 };
/** Spans of the last minutes of a day can arrive later. */
const LATE_MS = 3_600_000;

/** The daily job of a project, and the job for one day of one watch. */
export function createDriftJobs(deps: DriftDeps) {
  const { db, jobs, clock } = deps;
  const orders = createOrders(deps);

  /** Queues yesterday for each watch that has no run of it. */
  async function runDue(scope: Scope): Promise<void> {
    const day = yesterday(clock.now() - LATE_MS);
    for (const watch of await createWatchStore(db).listEnabled(scope.projectId)) {
      const existing = await createRunStore(db).findRun(scope.projectId, watch.id, day);
      if (!existing) await db.transaction((tx) => orders.sendRun(tx, scope, { watch, day }));
    }
  }

  jobs.register(DAILY, {
    async run({ scope }) {
      await runDue(scope);
      return null;
    },
  });
  jobs.register(RUN, { run: (run) => runOne(deps, run) });
  return { ...orders, runDue };
}
export type DriftJobs = ReturnType<typeof createDriftJobs>;

async function runOne(deps: DriftDeps, { scope, payload, signal, report }: JobRun<Payload, null>) {
  const { watchId, day } = payload;
  const watch = await createWatchStore(deps.db).findWatch(scope.projectId, watchId);
  if (!watch) throw new AppError("not_found", { message: "The drift watch was deleted." });
  if (day === null) return { version: (await loadReference(deps, { scope, watch }, { signal })).version };
  const done = await compareDay(deps, { scope, watch, day, signal, report });
  signal.throwIfAborted();
  await settleRun(deps, { scope, watch, day, done });
  return { verdict: done.verdict };
}

function createOrders({ jobs, clock }: DriftDeps) {
  const order = ({ id, name }: WatchRow, day: string | null) => ({
    kind: RUN,
    payload: { watchId: id, day },
    title: day === null ? `Drift reference of ${name}` : `Drift of ${name} on ${day}`,
    subject: id,
    key: `${id} ${day ?? "reference"}`,
  });
  return {
    /** Queues the comparison of a day. */
    async sendRun(tx: Postgres, scope: Scope, { watch, day }: { watch: WatchRow; day: string }): Promise<void> {
      const jobId = await jobs.send(tx, scope, order(watch, day));
      const { id: watchId, projectId } = watch;
      const [reference] = await createWatchStore(tx).listReferences(projectId, watchId, { limit: 1, below: null });
      const createdAt = new Date(clock.now());
      const begun = { verdict: null, result: null, finishedAt: null, referenceVersion: reference?.version ?? 1 };
      const id = newId("drun", clock.now());
      await createRunStore(tx).beginRun({ id, projectId, watchId, day, jobId, createdAt, ...begun });
    },

    /** Reads the texts of the newest reference now, while they still exist. */
    sendReference: (tx: Postgres, scope: Scope, watch: WatchRow) => jobs.send(tx, scope, order(watch, null)),

    /** Queues the daily job of the project, unless it is there. */
    follow: (scope: Scope, tx: Postgres) => jobs.send(tx, scope, { ...EVERY_DAY, kind: DAILY, payload: {} }),
  };
}
