import type { KnowledgeDocumentText } from "@treadle/contract";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { findBase, findDocument, findVersion } from "./find-base.ts";
import { type Blobs, createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import type { DocumentRow } from "./stores/document-store.ts";
import { type ManifestDocument, readManifest } from "./stores/manifest.ts";
import { readSegmentMeta } from "./stores/read-segment.ts";
import { createVersionStore } from "./stores/version-store.ts";

type Place = { readonly knowledgeBaseId: string; readonly documentId: string };
type Held = { readonly version: number; readonly document: ManifestDocument };

/** How many versions back the newest that holds a document is looked for. */
const MOST_LOOKED = 20;

/** The text of a document with the chunks of a version. Offsets of the chunks refer to the text as that version has it. */
export const createDocumentText = (deps: KnowledgeDeps) => ({
  async readText(
    scope: Scope,
    { knowledgeBaseId: baseId, documentId }: Place,
    version: number | undefined,
  ): Promise<KnowledgeDocumentText> {
    await findBase(deps, scope, baseId);
    const row = await findDocument(deps, baseId, documentId);
    const blobs = createBlobs(deps.objects);
    const held = await findHeld(deps, blobs, { baseId, documentId, version });
    const parsed = await readParsed(blobs, row, held);
    const { text, blocks, pages, boxes } = parsed;
    return {
      documentId,
      version: held?.version ?? null,
      text,
      blocks: blocks.map(({ kind, start, end, level, page, isHidden }) => ({ kind, start, end, level, page, isHidden })),
      pages: [...pages],
      boxes: [...boxes],
      chunks: held ? await readChunks(blobs, held.document) : [],
    };
  },
});

type Wanted = { readonly baseId: string; readonly documentId: string; readonly version: number | undefined };

async function findHeld({ db }: KnowledgeDeps, blobs: Blobs, { baseId, documentId, version }: Wanted): Promise<Held | null> {
  const rows = version
    ? [await findVersion({ db }, baseId, version)]
    : await createVersionStore(db).listVersions(baseId, { limit: MOST_LOOKED, below: null });
  for (const row of rows) {
    const { documents } = await readManifest(blobs, row.manifestObject);
    const document = documents.find((one) => one.documentId === documentId);
    if (document) return { version: row.version, document };
  }
  if (version === undefined) return null;
  throw new AppError("not_found", { message: `Version ${version} does not hold the document ${documentId}.` });
}

async function readParsed(blobs: Blobs, { parsedObject, state, error }: DocumentRow, held: Held | null): Promise<ParsedText> {
  const object = held?.document.parsedObject ?? parsedObject;
  if (!object)
    throw new AppError("conflict", {
      message: state === "failed" ? `The document could not be parsed. ${error}` : "The document is not parsed yet. Wait for its job.",
    });
  return JSON.parse((await blobs.get(object)).toString());
}

async function readChunks(blobs: Blobs, { segmentObject }: ManifestDocument): Promise<KnowledgeDocumentText["chunks"]> {
  const { meta } = await readSegmentMeta(blobs, segmentObject);
  return meta.chunks.map(({ id: chunkId, start, end, page, lastPage, headings, tokens }) => ({
    chunkId,
    start,
    end,
    page,
    lastPage,
    headings,
    tokens,
  }));
}
