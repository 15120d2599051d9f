import { createBatchOperations } from "./batch-operations.ts";
import { createFileOperations } from "./file-operations.ts";
import { createSearchOperations } from "./search-operations.ts";
import { createStoreOperations } from "./store-operations.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

/** OpenAI's vector stores. Each is a knowledge base with the same id. */
export const createVectorStores = (deps: VectorStoresDeps) => ({
  ...createStoreOperations(deps),
  ...createSearchOperations(deps),
  ...createFileOperations(deps),
  ...createBatchOperations(deps),
});
export type VectorStores = ReturnType<typeof createVectorStores>;
