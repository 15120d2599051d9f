import { isDeepStrictEqual } from "node:util";
import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { nameOf } from "../indexing/parse-documents.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createBlobs } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "../stores/document-store.ts";
import { deleteUnused } from "../stores/object-store.ts";
import type { SourceRow } from "../stores/source-store.ts";

type StoredBytes = { readonly object: string; readonly contentHash: string };
type Saved = { readonly saved: DocumentRow; readonly existing: DocumentRow | undefined };
type Storing = {
  readonly base: { readonly projectId: string; readonly baseId: string };
  /** For errors. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Saves the document in a transaction in which the base is locked. */
  readonly save: (tx: Postgres, base: BaseRow, stored: StoredBytes) => Promise<Saved>;
};

/** Stores the bytes of a document. Throws `unprocessable` or `payload_too_large` for bytes that no document can have. */
export async function storeDocument(
  deps: Pick<KnowledgeDeps, "db" | "objects">,
  { base, name, bytes, save }: Storing,
): Promise<Saved> {
  const { db, objects } = deps;
  checkBytes(name, bytes);
  const blobs = createBlobs(objects);
  const stored = await blobs.put(base.baseId, bytes);
  // If this fails, for example because the base was deleted, the file is not needed.
  let unused: string | null = stored.object;
  try {
    const result = await db.transaction(async (tx) => {
      const locked = await createBaseStore(tx).lockBase(base.projectId, base.baseId);
      if (!locked) throw notFound("knowledge base", base.baseId);
      await blobs.keep(base.baseId, stored.object, bytes);
      return save(tx, locked, stored);
    });
    // Versions hold what was parsed of a file, not the file, so the earlier file is not needed.
    const replaced = result.existing?.contentObject ?? null;
    unused = replaced === stored.object ? null : replaced;
    return result;
  } finally {
    await deleteUnused(db, blobs, { base, objects: [unused] });
  }
}

function checkBytes(name: string, { byteLength }: Uint8Array): void {
  if (byteLength === 0)
    throw new AppError("unprocessable", { message: `The file ${name} is empty. Upload a file with content.` });
  if (byteLength > MAX_DOCUMENT_BYTES)
    throw new AppError("payload_too_large", {
      message: `The file ${name} is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB. Divide it into smaller files.`,
    });
}

type SavedFile = StoredBytes & {
  readonly key: string;
  readonly title?: string | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** What the source says about these bytes, such as an ETag. */
  readonly etag: string;
  readonly syncId: string | null;
  /** What an uploaded file of the project adds. */
  readonly attached?: Partial<Pick<DocumentRow, "fileId" | "chunking" | "metadata">>;
};
type Saving = { readonly source: SourceRow; readonly file: SavedFile };

/** Creates or replaces the document of a key. Equal bytes are not parsed again, unless parsing them failed. */
export async function saveDocument(
  { clock }: Pick<KnowledgeDeps, "clock">,
  tx: Postgres,
  { source, file }: Saving,
): Promise<Saved> {
  const now = new Date(clock.now());
  const store = createDocumentStore(tx);
  const existing = await store.findByKey(source.id, file.key);
  const changes = changesOf(file, now);
  if (existing) {
    const next = nextState(existing, file);
    const saved = await store.updateDocument(source.baseId, existing.id, { ...changes, ...next });
    if (saved) return { saved, existing };
  }
  const saved = { ...newDocument(source, file.key, now), ...changes };
  await store.createDocument(saved);
  return { saved, existing };
}

/** Other bytes are parsed again, and other chunks are indexed again. */
function nextState(existing: DocumentRow, { contentHash, attached }: SavedFile) {
  if (existing.contentHash !== contentHash || existing.state === "failed")
    return { state: "waiting", error: null } as const;
  const chunking = attached?.chunking;
  const isCutAgain = chunking !== undefined && !isDeepStrictEqual(chunking, existing.chunking);
  return isCutAgain && existing.state === "indexed" ? ({ state: "parsed" } as const) : {};
}

const changesOf = ({ key: _, title, principals, object, attached, ...facts }: SavedFile, updatedAt: Date) => ({
  ...facts,
  ...attached,
  contentObject: object,
  ...(title !== undefined && { title, ownTitle: title }),
  ...(principals && { principals: [...principals] }),
  updatedAt,
});

const newDocument = ({ id: sourceId, projectId, baseId, principals }: SourceRow, key: string, createdAt: Date) => ({
  id: newId("kdoc", createdAt.getTime()),
  projectId,
  baseId,
  sourceId,
  key,
  title: nameOf(key),
  ownTitle: null,
  fileId: null,
  chunking: null,
  state: "waiting" as const,
  error: null,
  quarantinedAt: null,
  releasedHash: null,
  parsedObject: null,
  facts: null,
  chunks: null,
  principals,
  metadata: {},
  vanishedAt: null,
  deletedAt: null,
  createdAt,
});
