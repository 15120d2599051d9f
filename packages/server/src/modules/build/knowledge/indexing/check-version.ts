import { AppError } from "../../../../kernel/errors.ts";
import type { BaseRow } from "../stores/base-store.ts";
import { createBlobs } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { placeSegments } from "../stores/index-folder.ts";
import type { Manifest } from "../stores/manifest.ts";

/**
 * Opens a version in the search thread before anyone can use it. Throws if a chunk or a vector is missing, or if a chunk does not find
 * itself.
 */
export async function checkVersion(deps: KnowledgeDeps, { id: baseId }: BaseRow, manifest: Manifest): Promise<void> {
  const { documents } = manifest;
  const segments = await placeSegments(deps, createBlobs(deps.objects), { baseId, documents });
  const key = `check ${baseId}`;
  try {
    const opened = await deps.searchThread.ask("open", { key, segments });
    const chunks = documents.reduce((sum, document) => sum + document.chunks, 0);
    if (opened.chunks !== chunks || opened.documents !== documents.length)
      throw wrong(`It has ${opened.chunks} chunks of ${opened.documents} documents instead of ${chunks} of ${documents.length}.`);
    const { checked, lost } = await deps.searchThread.ask("probe", { key });
    if (lost > 0) throw wrong(`${lost} of ${checked} chunks do not find themselves.`);
  } finally {
    await deps.searchThread.ask("close", { key });
  }
}

const wrong = (message: string) =>
  new AppError("internal", { message: `The new index version is damaged, so it is not used. ${message}` });
