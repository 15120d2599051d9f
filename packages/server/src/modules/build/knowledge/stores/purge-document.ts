import { createBlobs } from "./blobs.ts";
import type { KnowledgeDeps } from "./deps.ts";
import { createDocumentStore, type DocumentRow } from "./document-store.ts";
import { removeLink } from "./index-folder.ts";
import { deleteUnused } from "./object-store.ts";
import { createSegmentStore } from "./segment-store.ts";

type Deps = Pick<KnowledgeDeps, "db" | "objects" | "folder">;

/** Deletes all that is stored of a deleted document. If it is stopped, it can be repeated. */
export async function purgeDocument(deps: Deps, document: DocumentRow): Promise<void> {
  const { db, objects } = deps;
  const { id, projectId, baseId, contentObject, parsedObject } = document;
  const segments = await createSegmentStore(db).listOfDocument(id);
  const ofSegments = segments.flatMap(({ object, parsedObject: parsed }) => [object, parsed]);
  const named = [contentObject, parsedObject, ...ofSegments];
  await deleteUnused(db, createBlobs(objects), { base: { projectId, baseId }, objects: named });
  for (const { object } of segments) await removeLink(deps, baseId, object);
  await db.transaction(async (tx) => {
    await createSegmentStore(tx).deleteSegments(id);
    await createDocumentStore(tx).markPurged(id);
  });
}
