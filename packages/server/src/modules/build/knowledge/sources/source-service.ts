import type { KnowledgeSource } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createSourceStore, type SourceRow } from "../stores/source-store.ts";
import { createSyncStore } from "../stores/sync-store.ts";
import type { SyncMeans } from "../sync/deps.ts";
import { buryAll, purgeAll } from "../sync/end-sync.ts";
import { createSyncJob } from "../sync/sync-job.ts";
import { createSyncSchedule } from "../sync/sync-schedule.ts";
import { createSourceChange } from "./change-source.ts";
import { createSourceCreation, type SourcesMeans } from "./create-source.ts";
import { lockSynced, type SourcePlace } from "./find-source.ts";
import { presentSources } from "./present-source.ts";

/** The sources of knowledge bases, and their syncs. */
export function createSources(means: SyncMeans) {
  const sync = createSyncJob(means);
  const deps = { ...means, sync, schedule: createSyncSchedule(means, sync) };
  return {
    ...createReads(deps),
    ...createSourceCreation(deps),
    ...createSourceChange(deps),
    ...createDeletion(deps),
    ...createSyncing(deps),
    ...createSettling(deps),
    startSchedules: () => deps.schedule.start(),
  };
}

async function presentOne(deps: SourcesMeans, scope: Scope, row: SourceRow | undefined): Promise<KnowledgeSource> {
  const [source] = row ? await presentSources(deps, scope, [row]) : [];
  if (!source) throw notFound("source", row?.id ?? "");
  return source;
}

function createReads(deps: SourcesMeans) {
  const requireBase = async ({ projectId }: Scope, baseId: string) => {
    if (!(await createBaseStore(deps.db).findBase(projectId, baseId))) throw notFound("knowledge base", baseId);
  };
  return {
    async listSources(scope: Scope, baseId: string) {
      await requireBase(scope, baseId);
      const rows = await createSourceStore(deps.db).listSources(baseId);
      return { items: await presentSources(deps, scope, rows), nextCursor: null };
    },

    async getSource(scope: Scope, { knowledgeBaseId, sourceId }: SourcePlace): Promise<KnowledgeSource> {
      await requireBase(scope, knowledgeBaseId);
      const row = await createSourceStore(deps.db).findSource(knowledgeBaseId, sourceId);
      if (!row) throw notFound("source", sourceId);
      return presentOne(deps, scope, row);
    },
  };
}

function createDeletion(deps: SourcesMeans) {
  return {
    /** A running sync of it ends by itself, since it no longer finds the source. */
    async deleteSource(scope: Scope, place: SourcePlace): Promise<void> {
      const documents = await deps.db.transaction(async (tx) => {
        const { base, source } = await lockSynced(tx, scope, place);
        const now = new Date(deps.clock.now());
        const synced = await createSyncStore(tx).listSynced(source.id);
        const rows = await deleteDocuments(deps, tx, { scope, base, source, ids: synced.map(({ id }) => id) });
        const gone = { deletedAt: now, nextSyncAt: null, secret: null };
        await createSourceStore(tx).updateSource(base.id, source.id, gone);
        const details = { name: source.name, base: base.name, documents: rows.length };
        await deps.audit.record(scope, { action: "knowledge-source.delete", target: source.id, details }, tx);
        return rows;
      });
      await purgeAll(deps, documents);
    },
  };
}

type Deleting = {
  readonly scope: Scope;
  readonly base: BaseRow;
  readonly source: SourceRow;
  readonly ids: readonly string[];
};

async function deleteDocuments(deps: SourcesMeans, tx: Postgres, { scope, base, source, ids }: Deleting) {
  const rows = await buryAll(tx, { source, ids, now: new Date(deps.clock.now()) });
  await createBaseStore(tx).changeAccess(scope.projectId, base.id);
  if (rows.length > 0) await deps.index.send(tx, scope, { base, isUrgent: false });
  return rows;
}

const createSyncing = (deps: SourcesMeans) => ({
  async syncSource(scope: Scope, place: SourcePlace): Promise<KnowledgeSource> {
    const row = await deps.db.transaction(async (tx) => {
      const { source } = await lockSynced(tx, scope, place);
      return { ...source, jobId: await deps.sync.send(tx, scope, source) };
    });
    return presentOne(deps, scope, row);
  },
});

function createSettling(deps: SourcesMeans) {
  const { db, audit } = deps;
  return {
    async approveSource(scope: Scope, place: SourcePlace): Promise<KnowledgeSource> {
      const { source, rows } = await db.transaction(async (tx) => {
        const { base, source } = await lockSynced(tx, scope, place);
        const ids = await requireHeld(tx, source);
        const rows = await deleteDocuments(deps, tx, { scope, base, source, ids });
        const details = { name: source.name, base: base.name, documents: rows.length };
        await audit.record(scope, { action: "knowledge-source.approve", target: source.id, details }, tx);
        return { source, rows };
      });
      await purgeAll(deps, rows);
      return presentOne(deps, scope, source);
    },

    async discardSource(scope: Scope, place: SourcePlace): Promise<KnowledgeSource> {
      const source = await db.transaction(async (tx) => {
        const { source } = await lockSynced(tx, scope, place);
        const documents = (await requireHeld(tx, source)).length;
        await createSyncStore(tx).markVanished(source.id, { ids: [], at: new Date(deps.clock.now()) });
        const details = { name: source.name, documents };
        await audit.record(scope, { action: "knowledge-source.discard", target: source.id, details }, tx);
        return source;
      });
      return presentOne(deps, scope, source);
    },
  };
}

/** The documents whose deletion waits. Throws `conflict` if there are none. */
async function requireHeld(tx: Postgres, source: SourceRow): Promise<string[]> {
  const ids = await createSyncStore(tx).listVanished(source.id);
  if (ids.length === 0)
    throw new AppError("conflict", { message: `The source "${source.name}" has no held deletions. Refresh the page.` });
  return ids;
}
