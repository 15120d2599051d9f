import type { VectorStoreBatchInput, VectorStoreFileBatch, VectorStoreFileWindow } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { attachFiles } from "./attach-files.ts";
import { listFiles } from "./file-operations.ts";
import { countsOf, DOCUMENTS_IN, secondsOf } from "./present.ts";
import { type BatchRow, createBatchStore } from "./stores/batch-store.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

export type BatchPlace = { readonly vectorStoreId: string; readonly batchId: string };

const MOST_LISTED = 100;

/** Files that are added together. */
export const createBatchOperations = (deps: VectorStoresDeps) => ({ ...createCreation(deps), ...createRest(deps) });

async function findBatch(
  { db }: VectorStoresDeps,
  scope: Scope,
  { vectorStoreId: baseId, batchId }: BatchPlace,
): Promise<BatchRow> {
  const row = await createBatchStore(db).findBatch(scope.projectId, { baseId, batchId });
  if (!row) throw notFound("file batch", batchId);
  return row;
}

function createCreation(deps: VectorStoresDeps) {
  const { db, clock } = deps;
  return {
    async createBatch(scope: Scope, baseId: string, input: VectorStoreBatchInput): Promise<VectorStoreFileBatch> {
      await deps.knowledge.get(scope, baseId);
      const inputs = inputsOf(input);
      await attachFiles(deps, scope, { baseId, inputs });
      const now = clock.now();
      const row: BatchRow = {
        id: newId("vsfb", now),
        projectId: scope.projectId,
        baseId,
        fileIds: inputs.map(({ file_id }) => file_id),
        cancelledAt: null,
        createdAt: new Date(now),
      };
      await createBatchStore(db).createBatch(row);
      return presentBatch(deps, scope, row);
    },
  };
}

function createRest(deps: VectorStoresDeps) {
  const { db, clock } = deps;
  const present = async (scope: Scope, place: BatchPlace) =>
    presentBatch(deps, scope, await findBatch(deps, scope, place));
  return {
    getBatch: present,

    async cancelBatch(scope: Scope, place: BatchPlace): Promise<VectorStoreFileBatch> {
      const batch = await findBatch(deps, scope, place);
      const batchPlace = { baseId: batch.baseId, batchId: batch.id };
      await createBatchStore(db).cancelBatch(scope.projectId, batchPlace, new Date(clock.now()));
      await removeOpen(deps, scope, batch);
      return present(scope, place);
    },

    async listBatchFiles(scope: Scope, place: BatchPlace, window: VectorStoreFileWindow) {
      const { fileIds, baseId: id } = await findBatch(deps, scope, place);
      return listFiles(deps, scope, { id, window, fileIds });
    },
  };
}

/** Each file once, with its own attributes or those of the batch. */
function inputsOf({ file_ids = [], files, attributes, chunking_strategy }: VectorStoreBatchInput) {
  const inputs = files ?? file_ids.map((file_id) => ({ file_id, attributes, chunking_strategy }));
  return [...new Map(inputs.map((input) => [input.file_id, input])).values()];
}

/** Files that are not indexed yet do not stay in the store. */
async function removeOpen({ knowledge }: VectorStoresDeps, scope: Scope, { baseId, fileIds }: BatchRow): Promise<void> {
  const window = { limit: MOST_LISTED, order: "asc", states: DOCUMENTS_IN.in_progress, fileIds } as const;
  for (;;) {
    const { items, hasMore } = await knowledge.listDocumentWindow(scope, baseId, window);
    for (const { documentId } of items) await knowledge.deleteDocument(scope, { knowledgeBaseId: baseId, documentId });
    if (!hasMore) return;
  }
}

async function presentBatch(
  { knowledge }: VectorStoresDeps,
  scope: Scope,
  { id, baseId, fileIds, cancelledAt, createdAt }: BatchRow,
): Promise<VectorStoreFileBatch> {
  const states = await knowledge.countFileDocuments(scope, baseId, fileIds);
  const present = Object.values(states).reduce((sum, count) => sum + count, 0);
  const counts = countsOf(await knowledge.get(scope, baseId), states, fileIds.length - present);
  return {
    id,
    object: "vector_store.files_batch",
    created_at: secondsOf(createdAt.toISOString()),
    vector_store_id: baseId,
    status: statusOf(counts, cancelledAt),
    file_counts: counts,
  };
}

function statusOf(
  { in_progress, failed, total }: VectorStoreFileBatch["file_counts"],
  cancelledAt: Date | null,
): VectorStoreFileBatch["status"] {
  if (cancelledAt) return "cancelled";
  if (in_progress > 0) return "in_progress";
  return failed === total ? "failed" : "completed";
}
