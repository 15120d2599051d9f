import { notFound } from "../../../../kernel/errors.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createBlobs } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore } from "../stores/document-store.ts";
import { placeSegments, removeLink, removeLinks } from "../stores/index-folder.ts";
import type { ManifestDocument } from "../stores/manifest.ts";
import type { SearchOrders } from "../work/search-work.ts";

type Order = {
  readonly base: Pick<BaseRow, "id" | "projectId">;
  readonly key: string;
  readonly documents: readonly ManifestDocument[];
};
type Opened = {
  readonly counts: SearchOrders["open"]["answer"];
  /** Those of the documents that are not deleted. */
  readonly documents: readonly ManifestDocument[];
};

/**
 * Opens a version in the search thread, without deleted documents. If one is deleted meanwhile, it begins again, so that nothing of it
 * stays in memory or in the folder. Throws `not_found` if the base is deleted.
 */
export async function openVersion(deps: KnowledgeDeps, { base, key, documents: all }: Order): Promise<Opened> {
  let documents = await withoutDeleted(deps, base.id, all);
  for (;;) {
    const counts = await placeAndOpen(deps, { base, key, documents }).catch((error: unknown) => ({ error }));
    await checkBase(deps, base, key);
    const rest = await withoutDeleted(deps, base.id, documents);
    const isUnchanged = rest.length === documents.length;
    if (isUnchanged && "error" in counts) throw counts.error;
    if (isUnchanged && !("error" in counts)) return { counts, documents };
    await deps.searchThread.ask("close", { key });
    const present = new Set(rest);
    for (const document of documents)
      if (!present.has(document)) await removeLink(deps, base.id, document.segmentObject);
    documents = rest;
  }
}

async function placeAndOpen(deps: KnowledgeDeps, { base, key, documents }: Order) {
  const segments = await placeSegments(deps, createBlobs(deps.objects), { baseId: base.id, documents });
  return deps.searchThread.ask("open", { key, segments });
}

/** The deletion of a base removes its links. Those that were made since are removed here. */
async function checkBase(deps: KnowledgeDeps, { id, projectId }: Order["base"], key: string): Promise<void> {
  if (await createBaseStore(deps.db).findBase(projectId, id)) return;
  await deps.searchThread.ask("close", { key });
  await removeLinks(deps, id);
  throw notFound("knowledge base", id);
}

async function withoutDeleted({ db }: KnowledgeDeps, baseId: string, documents: readonly ManifestDocument[]) {
  const deleted = await createDocumentStore(db).listDeleted(baseId);
  return documents.filter(({ documentId }) => !deleted.has(documentId));
}
