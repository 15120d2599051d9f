import { z } from "zod";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createSourceStore } from "../stores/source-store.ts";
import type { SyncDeps } from "./deps.ts";
import type { SyncJob } from "./sync-job.ts";

const SCHEDULE: JobKind<Record<string, never>, null> = {
  name: "knowledge-sync-schedule",
  payload: z.strictObject({}),
  state: z.null(),
};
const EVERY_SECONDS = 60;

/** The job of a project that starts the syncs that are due. */
export function createSyncSchedule(deps: SyncDeps, sync: SyncJob) {
  deps.jobs.register(SCHEDULE, { run: ({ scope, signal }) => startDue(deps, sync, { scope, signal }) });
  const follow = (tx: Postgres, projectId: string) =>
    deps.jobs.send(tx, systemScope(projectId), {
      kind: SCHEDULE,
      payload: {},
      title: "Synchronise knowledge sources",
      key: "knowledge-sources",
      everySeconds: EVERY_SECONDS,
    });
  return {
    follow,
    /** Makes sure that each project with scheduled sources has its job. */
    async start(): Promise<void> {
      for (const projectId of await createSourceStore(deps.db).listScheduledProjects())
        await deps.db.transaction((tx) => follow(tx, projectId));
    },
  };
}

type Due = { readonly scope: Scope; readonly signal: AbortSignal };

async function startDue({ db, clock }: SyncDeps, sync: SyncJob, { scope, signal }: Due): Promise<null> {
  const now = new Date(clock.now());
  for (const { id, baseId } of await createSourceStore(db).listDue(scope.projectId, now)) {
    signal.throwIfAborted();
    await db.transaction(async (tx) => {
      await createBaseStore(tx).lockBase(scope.projectId, baseId);
      const store = createSourceStore(tx);
      const source = await store.lockSource(baseId, id);
      // It may have been changed since.
      if (!source?.nextSyncAt || source.nextSyncAt > now) return;
      await sync.send(tx, scope, source);
      await store.moveNext(id, now);
    });
  }
  return null;
}
export type SyncSchedule = ReturnType<typeof createSyncSchedule>;
