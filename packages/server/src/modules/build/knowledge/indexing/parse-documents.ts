import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createBlobs } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "../stores/document-store.ts";
import { deleteUnused } from "../stores/object-store.ts";

/** Characters that show the language. */
const LANGUAGE_CHARACTERS = 5_000;

/** Parses a waiting document, or notes why that failed. A document that was deleted or replaced meanwhile stays as it is. */
export async function parseDocument(deps: KnowledgeDeps, row: DocumentRow): Promise<void> {
  const { bytes, ...changes } = await readDocument(deps, row).catch((error) => {
    // Anything else is a fault of this server, or its end, and the job is tried again.
    if (!(error instanceof AppError) || error.status >= 500 || error.code === "cancelled") throw error;
    return { state: "failed" as const, error: messageOf(error), parsedObject: null, facts: null, bytes: null };
  });
  const { db, objects, clock } = deps;
  const { projectId, baseId } = row;
  const blobs = createBlobs(objects);
  const isStored = await db.transaction(async (tx) => {
    await createBaseStore(tx).lockBase(projectId, baseId);
    const updatedAt = new Date(clock.now());
    if (!(await createDocumentStore(tx).updateParsed(row, { ...changes, updatedAt }))) return false;
    if (bytes && changes.parsedObject) await blobs.keep(baseId, changes.parsedObject, bytes);
    return true;
  });
  const unused = isStored ? row.parsedObject : changes.parsedObject;
  await deleteUnused(db, blobs, { base: { projectId, baseId }, objects: [unused] });
}

async function readDocument(
  { objects, documents, languageOf }: KnowledgeDeps,
  { baseId, key, contentObject, mediaType, ownTitle }: DocumentRow,
) {
  const blobs = createBlobs(objects);
  const file = await blobs.get(contentObject);
  const { format, parsed } = await documents.parse({ bytes: file, name: key, mediaType });
  if (parsed.text.trim() === "") throw new AppError("unprocessable", { message: noText(parsed.pages.length) });
  const bytes = Buffer.from(JSON.stringify(parsed));
  const { object } = await blobs.put(baseId, bytes);
  const facts = {
    format,
    characters: parsed.text.length,
    pages: parsed.pages.length || null,
    language: await languageOf(parsed.text.slice(0, LANGUAGE_CHARACTERS)),
    warnings: parsed.warnings,
  };
  return {
    state: "parsed" as const,
    error: null,
    parsedObject: object,
    bytes,
    facts,
    title: ownTitle ?? parsed.title ?? nameOf(key),
  };
}

const noText = (pages: number) =>
  pages > 0
    ? "The document has no text, only images of pages. Upload a version with text, for example after OCR."
    : "The document has no text.";

/** The last part of a key, which can be a path or an address. */
export const nameOf = (key: string) => key.split("/").findLast((part) => part !== "") ?? key;
