import type { ChunkPreview, KnowledgeDocumentText } from "@treadle/contract";
import type { Chunk, ParsedText } from "@treadle/retrieval";
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
    const parsed = asParsed(await readParsed(blobs, row, held));
    const chunks = held ? await readChunks(blobs, held.document) : [];
    return presentText(parsed, { documentId, version: held?.version ?? null, chunks });
  },
});

export const createChunkPreview = (deps: KnowledgeDeps) => ({
  /** The text of a document with chunks of other settings, without storing them. Throws `unavailable` while the embedding model is downloaded. */
  async previewChunks(
    scope: Scope,
    { knowledgeBaseId, documentId }: Place,
    settings: ChunkPreview,
  ): Promise<KnowledgeDocumentText> {
    const base = await findBase(deps, scope, knowledgeBaseId);
    const row = await findDocument(deps, knowledgeBaseId, documentId);
    const parsed = await readParsed(createBlobs(deps.objects), row, null);
    const { maxTokens } = await deps.embedding.find(scope, base.indexing.embeddingModel);
    const indexing = { ...base.indexing, ...row.chunking, ...settings };
    const cut = await deps.indexThread.ask("cut", { parsed, documentId, title: row.title, indexing, maxTokens });
    const chunks = cut.map(({ chunk }) => presentChunk(chunk));
    return presentText(asParsed(parsed), { documentId, version: null, chunks });
  },
});

const presentText = (
  { text, blocks, pages, boxes }: ParsedText,
  rest: Pick<KnowledgeDocumentText, "documentId" | "version" | "chunks">,
): KnowledgeDocumentText => ({
  ...rest,
  text,
  blocks: blocks.map(({ kind, start, end, level, page, isHidden }) => ({ kind, start, end, level, page, isHidden })),
  pages: [...pages],
  boxes: [...boxes],
});

type PresentedChunk = KnowledgeDocumentText["chunks"][number];

const presentChunk = ({ chunkId, start, end, page, lastPage, headingPath, tokens }: Chunk): PresentedChunk => ({
  chunkId,
  start,
  end,
  page: page ?? null,
  lastPage: lastPage ?? null,
  headings: [...headingPath],
  tokens,
});

type Wanted = { readonly baseId: string; readonly documentId: string; readonly version: number | undefined };

async function findHeld(
  { db }: KnowledgeDeps,
  blobs: Blobs,
  { baseId, documentId, version }: Wanted,
): Promise<Held | null> {
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

async function readParsed(
  blobs: Blobs,
  { parsedObject, state, error }: DocumentRow,
  held: Held | null,
): Promise<Buffer> {
  const object = held?.document.parsedObject ?? parsedObject;
  if (!object)
    throw new AppError("conflict", {
      message:
        state === "failed"
          ? `The document could not be parsed. ${error}`
          : "The document is not parsed yet. Wait for its job.",
    });
  return blobs.get(object);
}

const asParsed = (bytes: Buffer): ParsedText => JSON.parse(bytes.toString());

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
