import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { connectorOf } from "../connectors/connectors.ts";
import { createSelection } from "../connectors/shared/match-glob.ts";
import type { Entry, Known } from "../connectors/shared/port.ts";
import { createBlobs } from "../stores/blobs.ts";
import { createSourceStore, type SourceRow } from "../stores/source-store.ts";
import { createSyncStore, type SyncedDocument } from "../stores/sync-store.ts";
import { type SyncMeans, secretContextOf } from "./deps.ts";
import { endSync } from "./end-sync.ts";
import { type SyncRun, storeEntry } from "./store-entry.ts";
import { createTally, SyncState } from "./sync-tally.ts";

const Payload = z.object({ baseId: z.string(), sourceId: z.string() });
type Payload = z.output<typeof Payload>;
type Run = JobRun<Payload, SyncState>;
const SYNC: JobKind<Payload, SyncState> = { name: "knowledge-sync", payload: Payload, state: SyncState };
const CONCURRENCY = 2;

/** The job that makes the documents of a source equal to what the source has. */
export function createSyncJob(deps: SyncMeans) {
  deps.jobs.register(SYNC, { concurrency: CONCURRENCY, run: (run) => runSync(deps, run) });
  return {
    /** Queues a sync in the transaction that locked the source. A queued or running one continues. */
    async send(tx: Postgres, scope: Scope, source: SourceRow): Promise<string> {
      const jobId = await deps.jobs.send(tx, scope, {
        kind: SYNC,
        payload: { baseId: source.baseId, sourceId: source.id },
        title: `Synchronise ${source.name}`,
        subject: source.id,
        key: source.id,
      });
      await createSourceStore(tx).updateSource(source.baseId, source.id, { jobId });
      return jobId;
    },
  };
}
export type SyncJob = ReturnType<typeof createSyncJob>;

async function runSync(deps: SyncMeans, run: Run) {
  const { scope, payload, state, signal } = run;
  const source = await createSourceStore(deps.db).findSource(payload.baseId, payload.sourceId);
  if (!source || source.projectId !== scope.projectId)
    throw new AppError("not_found", { message: "The source was deleted." });
  const startedAt = new Date(deps.clock.now()).toISOString();
  const tally = createTally(state ?? { startedAt, added: 0, changed: 0 });
  const before = await createSyncStore(deps.db).listSynced(source.id);
  const end = { scope, before: before.length };
  try {
    const open = openSource(deps, source);
    const sync = { source, run, open, tally };
    try {
      const { missing, isComplete } = await readAll(deps, sync, { run, before });
      signal.throwIfAborted();
      await endSync(deps, sync, { ...end, missing, isComplete, error: null });
    } finally {
      await open.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    await noteError(deps, { source, run, tally }, { ...end, error });
  }
  return tally.state();
}

function openSource({ connectors, secrets }: SyncMeans, source: SourceRow) {
  const connector = connectorOf(source.kind);
  if (!connector) throw new AppError("unprocessable", { message: `Sources of kind ${source.kind} have no sync.` });
  const context = secretContextOf(source, connector.placeOf(source.settings));
  const secret = source.secret === null ? null : secrets.open(source.secret, context);
  return connector.open(connectors, { settings: source.settings, secret });
}

type Reading = { readonly run: Run; readonly before: readonly SyncedDocument[] };

/** Stores each entry of the listing, and gives the documents that it lacks. Throws if the listing ends early. */
async function readAll(deps: SyncMeans, sync: SyncRun, { run, before }: Reading) {
  const byPath = new Map(before.map((document) => [document.key, document]));
  const seen = new Set<string>();
  let isComplete = true;
  const listing = sync.open.list({
    signal: run.signal,
    known: knownOf(deps, byPath),
    selects: createSelection(sync.source.settings),
    warnIncomplete(reason) {
      isComplete = false;
      sync.tally.warn(reason);
    },
  });
  for await (const entry of listing) {
    run.signal.throwIfAborted();
    if (seen.has(entry.path)) continue;
    seen.add(entry.path);
    await storeEntry(deps, sync, { entry: checkPath(entry), existing: byPath.get(entry.path) });
    run.report({
      done: sync.tally.done(),
      total: null,
      unit: "documents",
      message: `Read ${entry.path.slice(0, 200)}`,
    });
  }
  const missing = before.filter(({ key }) => !seen.has(key)).map(({ id }) => id);
  return { missing, isComplete };
}

const MOST_PATH_BYTES = 2_000;

/** The database has an index of names, which limits their length. */
const checkPath = (entry: Entry): Entry =>
  Buffer.byteLength(entry.path) <= MOST_PATH_BYTES
    ? entry
    : { ...entry, failure: `Its path is longer than ${MOST_PATH_BYTES} bytes. Rename it.` };

const knownOf = ({ objects }: SyncMeans, byPath: ReadonlyMap<string, SyncedDocument>): Known => ({
  markOf: (path) => byPath.get(path)?.etag,
  async bytesOf(path) {
    const document = byPath.get(path);
    if (!document) return null;
    return createBlobs(objects)
      .get(document.contentObject)
      .catch((error) => {
        if (error instanceof AppError && error.code === "not_found") return null;
        throw error;
      });
  },
});

type Failed = { readonly scope: Scope; readonly before: number; readonly error: unknown };

/** Stores why the sync ended early, and fails the job for good: the schedule tries again. Nothing is deleted. */
async function noteError(deps: SyncMeans, sync: Omit<SyncRun, "open">, { error, ...end }: Failed): Promise<never> {
  const isExpected = error instanceof AppError;
  if (isExpected && (error.code === "not_found" || error.code === "conflict")) throw error;
  if (!isExpected) deps.log.error({ error, sourceId: sync.source.id }, "a knowledge source could not be synchronised");
  const message = isExpected ? error.message : "The server failed to synchronise the source. Its log has the reason.";
  await endSync(deps, sync, { ...end, missing: [], isComplete: false, error: message });
  throw new AppError("unprocessable", { message, cause: error });
}
