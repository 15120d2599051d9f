import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createDocumentStore, type DocumentRow } from "../stores/document-store.ts";
import { purgeDocument } from "../stores/purge-document.ts";
import { createSourceStore, type SourceRow } from "../stores/source-store.ts";
import { createSyncStore } from "../stores/sync-store.ts";
import type { SyncMeans } from "./deps.ts";
import type { SyncRun } from "./store-entry.ts";

const DEFAULT_SHRINK_LIMIT = 0.5;
/** Parameters of one statement. */
const MOST_IDS = 1_000;

type End = {
  readonly scope: Scope;
  /** The documents before the sync. */
  readonly before: number;
  /** The documents that the listing lacks. */
  readonly missing: readonly string[];
  /** Whether the listing has all entries. */
  readonly isComplete: boolean;
  readonly error: string | null;
};

/** Stores the result of a sync, and deletes what vanished from its source, or holds the deletions. */
export async function endSync(deps: SyncMeans, sync: Omit<SyncRun, "open">, end: End): Promise<void> {
  const { db, clock, index } = deps;
  const { run, tally } = sync;
  const deleted = await db.transaction(async (tx) => {
    const { base, source } = await lockOwn(tx, sync);
    const now = new Date(clock.now());
    const rows = await settleMissing(tx, { source, end, tally, now });
    const lastSync = tally.result({ endedAt: now, deleted: rows.length, error: end.error });
    await createSourceStore(tx).updateSource(base.id, source.id, { lastSync });
    if (rows.length > 0) await createBaseStore(tx).changeAccess(base.projectId, base.id);
    if (rows.length > 0 || tally.hasStored()) await index.send(tx, end.scope, { base, isUrgent: true });
    await run.save(tally.state(), tx);
    return rows;
  });
  await purgeAll(deps, deleted);
}

/** Throws if the source was deleted, or if a later sync has begun: its counts are not overwritten. */
async function lockOwn(tx: Postgres, { source: { projectId, baseId, id }, run }: Omit<SyncRun, "open">) {
  const base = await createBaseStore(tx).lockBase(projectId, baseId);
  const source = base && (await createSourceStore(tx).lockSource(baseId, id));
  if (!base || !source) throw new AppError("not_found", { message: "The source was deleted." });
  if (source.jobId !== run.jobId)
    throw new AppError("conflict", { message: "A later sync of this source has begun, so this one ends." });
  return { base, source };
}

type Missing = { readonly source: SourceRow; readonly end: End; readonly tally: SyncRun["tally"]; readonly now: Date };

/** The documents that were deleted. */
async function settleMissing(tx: Postgres, { source, end, tally, now }: Missing): Promise<DocumentRow[]> {
  const store = createSyncStore(tx);
  const { missing, before } = end;
  if (end.error !== null) return [];
  if (!end.isComplete) {
    const held = new Set(await store.listVanished(source.id));
    await store.markVanished(source.id, { ids: missing.filter((id) => held.has(id)), at: now });
    if (missing.length > 0)
      tally.warn(`The listing is incomplete, so ${countOf(missing.length)} that it lacks were not deleted.`);
    return [];
  }
  const limit = source.settings.shrinkLimit ?? DEFAULT_SHRINK_LIMIT;
  const isHeld = missing.length > 0 && limit < 1 && missing.length / before > limit;
  await store.markVanished(source.id, { ids: isHeld ? missing : [], at: now });
  if (!isHeld) return buryAll(tx, { source, ids: missing, now });
  tally.warn(
    `${missing.length} of ${countOf(before)} are no longer in the source, which is more than ${Math.round(limit * 100)} %. Approve or discard the deletions.`,
  );
  return [];
}

const countOf = (count: number) => (count === 1 ? "1 document" : `${count} documents`);

type Burying = {
  readonly source: Pick<SourceRow, "id">;
  readonly ids: readonly string[];
  readonly now: Date;
};

export async function buryAll(tx: Postgres, { source, ids, now }: Burying): Promise<DocumentRow[]> {
  const rows: DocumentRow[] = [];
  for (let start = 0; start < ids.length; start += MOST_IDS)
    rows.push(...(await createDocumentStore(tx).buryDocuments(source.id, ids.slice(start, start + MOST_IDS), now)));
  return rows;
}

/** Deletes all that is stored of deleted documents. If this is stopped, the index job does it. */
export async function purgeAll(deps: SyncMeans, documents: readonly DocumentRow[]): Promise<void> {
  for (const document of documents) {
    await purgeDocument(deps, document);
    await deps.searchThread.ask("forget", { documentId: document.id });
  }
}
