import type {
  KnowledgeBase,
  KnowledgeDocument,
  VectorStoreFile,
  VectorStoreFileInput,
  VectorStoreFileWindow,
} from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { attachFiles } from "./attach-files.ts";
import { DOCUMENTS_IN, isStopped, listOf, presentFile } from "./present.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

export type FilePlace = { readonly vectorStoreId: string; readonly fileId: string };
type Attributes = KnowledgeDocument["metadata"] | null;

/** Documents of knowledge bases in OpenAI's shapes. */
export const createFileOperations = (deps: VectorStoresDeps) => ({ ...createReads(deps), ...createChanges(deps) });

/** Where the document of a file is. */
async function findDocument({ knowledge }: VectorStoresDeps, scope: Scope, { vectorStoreId, fileId }: FilePlace) {
  const { documentId } = await knowledge.findFileDocument(scope, vectorStoreId, fileId);
  return { knowledgeBaseId: vectorStoreId, documentId };
}

function createChanges(deps: VectorStoresDeps) {
  const { knowledge } = deps;
  return {
    async addFile(scope: Scope, id: string, input: VectorStoreFileInput): Promise<VectorStoreFile> {
      await knowledge.get(scope, id);
      const [document] = await attachFiles(deps, scope, { baseId: id, inputs: [input] });
      if (!document) throw new Error("The file became no document.");
      return presentFile(await knowledge.get(scope, id), document);
    },

    async updateFile(scope: Scope, place: FilePlace, attributes: Attributes): Promise<VectorStoreFile> {
      const document = await knowledge.updateDocument(scope, await findDocument(deps, scope, place), {
        metadata: attributes ?? {},
      });
      return presentFile(await knowledge.get(scope, place.vectorStoreId), document);
    },

    async removeFile(scope: Scope, place: FilePlace) {
      await knowledge.deleteDocument(scope, await findDocument(deps, scope, place));
      return { id: place.fileId, object: "vector_store.file.deleted", deleted: true } as const;
    },
  };
}

function createReads(deps: VectorStoresDeps) {
  const { knowledge } = deps;
  return {
    listFiles: (scope: Scope, id: string, window: VectorStoreFileWindow) => listFiles(deps, scope, { id, window }),

    async getFile(scope: Scope, { vectorStoreId, fileId }: FilePlace): Promise<VectorStoreFile> {
      const document = await knowledge.findFileDocument(scope, vectorStoreId, fileId);
      return presentFile(await knowledge.get(scope, vectorStoreId), document);
    },

    async readFile(scope: Scope, place: FilePlace) {
      const { text } = await knowledge.readText(scope, await findDocument(deps, scope, place), undefined);
      const data = [{ type: "text" as const, text }];
      return { object: "vector_store.file_content.page" as const, data, has_more: false, next_page: null };
    },
  };
}

type Listing = { readonly id: string; readonly window: VectorStoreFileWindow; readonly fileIds?: readonly string[] };

/** The documents of a store, or those of some files. */
export async function listFiles(
  { knowledge }: Pick<VectorStoresDeps, "knowledge">,
  scope: Scope,
  { id, window: { limit, order, after, before, filter }, fileIds }: Listing,
) {
  const base = await knowledge.get(scope, id);
  const states = filter && statesOf(base, filter);
  const window = { limit, order, after, before, states, fileIds };
  const { items, hasMore } = await knowledge.listDocumentWindow(scope, id, window);
  return listOf(
    items.map((document) => presentFile(base, document)),
    hasMore,
  );
}

function statesOf(base: KnowledgeBase, filter: VectorStoreFile["status"]) {
  const { in_progress: open, failed } = DOCUMENTS_IN;
  if (!isStopped(base)) return DOCUMENTS_IN[filter];
  if (filter === "failed") return [...failed, ...open];
  return filter === "in_progress" ? [] : DOCUMENTS_IN[filter];
}
