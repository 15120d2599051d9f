import type { KnowledgeDocument } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { findBase } from "./find-base.ts";
import { presentDocument } from "./present-document.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "./stores/document-store.ts";
import type { DocumentWindow } from "./stores/document-window-store.ts";
import { takeWindow } from "./stores/window-store.ts";
import type { Attached, createUpload } from "./upload-document.ts";

export type ProjectFile = { readonly name: string; readonly bytes: Uint8Array };
type Attach = ProjectFile & Omit<Attached, "fileId"> & { readonly fileId: string };
type Upload = ReturnType<typeof createUpload>["upload"];

/** Documents that were made from uploaded files of the project. Others are listed with them under their own ids. */
export const createFileDocuments = (deps: KnowledgeDeps, upload: Upload) => ({
  /** Adds a file to a base. A file that it has already gets new metadata and new chunks. */
  attachFile: (scope: Scope, baseId: string, { name, bytes, ...attached }: Attach): Promise<KnowledgeDocument> =>
    // Two files can have one name, so the id makes the name of the document.
    upload(scope, baseId, { query: { name: `${attached.fileId}/${name}` }, bytes, mediaType: "", attached }),
  ...createReads(deps),
  ...createSets(deps),
});

function createReads(deps: KnowledgeDeps) {
  const store = createDocumentStore(deps.db);

  /** The id of a document by its id or that of its file. It may be deleted: a list can end at it. */
  async function placeOf(baseId: string, name: string | undefined): Promise<string | undefined> {
    if (name === undefined) return undefined;
    const row = await store.findByName(baseId, name);
    if (!row) throw notFound("file", name);
    return row.id;
  }

  return {
    /** The documents between two of them, which are named by their ids or those of their files. */
    async listDocumentWindow(scope: Scope, baseId: string, { after, before, ...rest }: DocumentWindow) {
      await findBase(deps, scope, baseId);
      const window = { ...rest, after: await placeOf(baseId, after), before: await placeOf(baseId, before) };
      const { items, hasMore } = takeWindow(await store.listWindow(baseId, window), window);
      return { items: items.map(presentDocument), hasMore };
    },

    /** The document of a file, or with an id. Throws `not_found`. */
    async findFileDocument(scope: Scope, baseId: string, name: string): Promise<KnowledgeDocument> {
      await findBase(deps, scope, baseId);
      const row = await store.findByName(baseId, name);
      if (!row || row.deletedAt) throw notFound("file", name);
      return presentDocument(row);
    },
  };
}

function createSets(deps: KnowledgeDeps) {
  const store = createDocumentStore(deps.db);
  return {
    /** Documents by their ids, as far as they exist. */
    async listDocumentsByIds(scope: Scope, baseId: string, ids: readonly string[]): Promise<KnowledgeDocument[]> {
      await findBase(deps, scope, baseId);
      const rows = await store.listByIds(baseId, ids);
      return rows.filter(({ deletedAt }) => deletedAt === null).map(presentDocument);
    },

    /** The number of documents of files by state. */
    async countFileDocuments(
      scope: Scope,
      baseId: string,
      fileIds: readonly string[],
    ): Promise<Partial<Record<DocumentRow["state"], number>>> {
      await findBase(deps, scope, baseId);
      const counts = await store.countFiles(baseId, fileIds);
      return Object.fromEntries(counts.map(({ state, count }) => [state, count]));
    },
  };
}
