import {
  type KnowledgeBase,
  KnowledgeBaseInput,
  readShape,
  type VectorStoreChange,
  type VectorStoreCreation,
  type VectorStoreWindow,
} from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { attachFiles, checkFiles } from "./attach-files.ts";
import { chunkingOf, listOf, presentStore } from "./present.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

const USUAL_NAME = "Vector store";
const MOST_CHUNK_TOKENS = 2_000;

/** Knowledge bases in OpenAI's shapes. */
export const createStoreOperations = (deps: VectorStoresDeps) => ({ ...createCreation(deps), ...createRest(deps) });

function createCreation(deps: VectorStoresDeps) {
  const { knowledge } = deps;
  return {
    async create(scope: Scope, request: VectorStoreCreation) {
      const fileIds = [...new Set(request.file_ids ?? [])];
      await checkFiles(deps, scope, fileIds);
      const input = inputOf(request);
      const { knowledgeBaseId } = await createNamed(deps, scope, input);
      await attachFiles(deps, scope, {
        baseId: knowledgeBaseId,
        inputs: fileIds.map((file_id) => ({ file_id })),
      });
      return presentStore(await knowledge.get(scope, knowledgeBaseId));
    },
  };
}

function createRest({ knowledge }: VectorStoresDeps) {
  return {
    async list(scope: Scope, { limit, order, after, before }: VectorStoreWindow) {
      const { items, hasMore } = await knowledge.listWindow(scope, { limit, order, after, before });
      return listOf(items.map(presentStore), hasMore);
    },

    get: async (scope: Scope, id: string) => presentStore(await knowledge.get(scope, id)),

    async update(scope: Scope, id: string, { name, metadata }: VectorStoreChange) {
      const patch = { ...(name && { name }), ...(metadata !== undefined && { metadata: metadata ?? {} }) };
      return presentStore(await knowledge.update(scope, id, patch));
    },

    async delete(scope: Scope, id: string) {
      await knowledge.delete(scope, id);
      return { id, object: "vector_store.deleted", deleted: true } as const;
    },
  };
}

/** A knowledge base for a store. Fields of OpenAI's shape win over the same settings below `treadle`. */
function inputOf({ name, description, metadata, chunking_strategy, treadle }: VectorStoreCreation): KnowledgeBaseInput {
  const read = readShape(KnowledgeBaseInput, {
    name: USUAL_NAME,
    ...treadle,
    ...(name && { name }),
    ...(description && { description }),
    ...(metadata && { metadata }),
  });
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = ["treadle", ...(issue?.path ?? [])].join(".");
    throw new AppError("invalid_request", {
      message: `${place}: ${issue?.message ?? "is wrong"}.`,
      details: { param: place },
    });
  }
  const chunking = chunkingOf(chunking_strategy);
  if (!chunking) return read.data;
  const chunkTokens = Math.min(chunking.chunkTokens, MOST_CHUNK_TOKENS);
  return { ...read.data, indexing: { ...read.data.indexing, chunkTokens, overlap: chunking.overlap } };
}

/** Vector stores can share a name, and knowledge bases cannot: a number makes it free. */
async function createNamed(
  { knowledge }: VectorStoresDeps,
  scope: Scope,
  input: KnowledgeBaseInput,
): Promise<KnowledgeBase> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? input.name : `${input.name.slice(0, 110)} (${number})`;
    const created = await knowledge.create(scope, { ...input, name }).catch((error) => {
      if (error instanceof AppError && error.code === "conflict") return null;
      throw error;
    });
    if (created) return created;
  }
}
