import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import type { Entry, OpenSource } from "../connectors/shared/port.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { sha256Of } from "../stores/blobs.ts";
import type { SourceRow } from "../stores/source-store.ts";
import { createSyncStore, type SyncedDocument } from "../stores/sync-store.ts";
import { saveDocument, storeDocument } from "../storing/store-document.ts";
import type { SyncMeans } from "./deps.ts";
import type { SyncState, Tally } from "./sync-tally.ts";

export type SyncRun = {
  readonly source: SourceRow;
  readonly run: Pick<JobRun<unknown, SyncState>, "jobId" | "signal" | "save">;
  readonly open: OpenSource;
  readonly tally: Tally;
};

/** Stores an entry if its bytes differ from the stored ones. A failure of this entry alone is counted. */
export async function storeEntry(
  deps: SyncMeans,
  sync: SyncRun,
  { entry, existing }: { readonly entry: Entry; readonly existing: SyncedDocument | undefined },
): Promise<void> {
  const { tally, run } = sync;
  if (entry.failure !== undefined) return tally.fail(entry.path, entry.failure);
  if (existing && entry.mark !== "" && existing.etag === entry.mark) return countUnchanged(sync, existing);
  const bytes = await sync.open.read(entry, run.signal).catch((error) => {
    run.signal.throwIfAborted();
    tally.fail(entry.path, messageOf(error));
    return null;
  });
  if (bytes === null) return;
  if (existing && existing.contentHash === sha256Of(bytes)) {
    await createSyncStore(deps.db).setMark(existing.id, entry.mark);
    return countUnchanged(sync, existing);
  }
  // Repositories have empty files that mark a folder.
  if (bytes.byteLength === 0 && !existing) return;
  await save(deps, sync, { entry, bytes, change: existing ? "changed" : "added" });
}

/** A document that an earlier attempt of this job has stored is counted already. */
function countUnchanged({ tally, run }: SyncRun, { syncId }: SyncedDocument): void {
  if (syncId !== run.jobId) tally.count("unchanged");
}

type Stored = { readonly entry: Entry; readonly bytes: Uint8Array; readonly change: "added" | "changed" };

async function save(deps: SyncMeans, { source, run, tally }: SyncRun, { entry, bytes, change }: Stored): Promise<void> {
  const { projectId, baseId } = source;
  const { path: key, mark: etag, mediaType = "" } = entry;
  try {
    await storeDocument(deps, {
      base: { projectId, baseId },
      name: key,
      bytes,
      async save(tx, _base, stored) {
        const facts = { ...stored, key, etag, mediaType, sizeBytes: bytes.byteLength, syncId: run.jobId };
        const result = await saveDocument(deps, tx, { source, file: facts });
        await createBaseStore(tx).changeAccess(projectId, baseId);
        // The document and its count are stored together or not at all.
        await run.save(tally.stateWith(change), tx);
        return result;
      },
    });
    tally.count(change);
  } catch (error) {
    run.signal.throwIfAborted();
    const isOfEntry =
      error instanceof AppError && (error.code === "unprocessable" || error.code === "payload_too_large");
    if (!isOfEntry) throw error;
    tally.fail(key, error.message);
  }
}
