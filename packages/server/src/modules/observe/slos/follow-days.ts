import { z } from "zod";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SloDeps } from "./deps.ts";
import type { CountReader } from "./read-counts.ts";
import { createSloStore } from "./store.ts";

const KIND: JobKind<object, null> = { name: "slo-days", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 3_600;

type Deps = Pick<SloDeps, "db" | "jobs" | "log"> & { readonly reader: Pick<CountReader, "counts"> };

/** The job of a project that stores the days of its SLOs, so that they outlast the spans. */
export function createDaysJob(deps: Deps) {
  const { db, jobs } = deps;
  jobs.register(KIND, {
    async run({ scope, signal }) {
      await storeDays(deps, scope, signal);
      return null;
    },
  });
  const follow = (scope: Scope, tx: Postgres) =>
    jobs.send(tx, scope, {
      kind: KIND,
      payload: {},
      title: "Store the days of SLOs",
      key: "slo-days",
      everySeconds: EVERY_SECONDS,
    });
  return {
    storeDays: (scope: Scope, signal: AbortSignal) => storeDays(deps, scope, signal),
    follow,
    /** Queues the job of each project with an SLO. */
    async start(): Promise<void> {
      for (const projectId of await createSloStore(db).listProjects())
        await db.transaction((tx) => follow(systemScope(projectId), tx));
    },
  };
}

async function storeDays({ db, log, reader }: Deps, { projectId }: Scope, signal: AbortSignal): Promise<void> {
  for (const row of await createSloStore(db).list(projectId)) {
    signal.throwIfAborted();
    try {
      await reader.counts(row);
    } catch (error) {
      signal.throwIfAborted();
      log.error({ error, sloId: row.id }, "the days of an SLO could not be stored");
    }
  }
}
