import { vectorStoreBasesApi, vectorStoreBatchesApi, vectorStoreFilesApi } from "@treadle/contract";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { VectorStores } from "./service.ts";

/** How soon clients that wait look again, instead of after 5 seconds. */
const POLL_MS = "500";

function sendJson({ sink }: { readonly sink: Sink }, answer: { readonly status?: string } | object): void {
  const isOpen = "status" in answer && answer.status === "in_progress";
  sink.head(200, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    ...(isOpen && { "openai-poll-after-ms": POLL_MS }),
  });
  sink.end(JSON.stringify(answer));
}

export const vectorStoreRoutes = (stores: VectorStores) => [
  ...storeRoutes(stores),
  ...fileRoutes(stores),
  ...batchRoutes(stores),
];

const storeRoutes = (stores: VectorStores) =>
  mount(vectorStoreBasesApi, {
    "POST /v1/vector_stores": async (call) => sendJson(call, await stores.create(call.scope, call.body)),
    "GET /v1/vector_stores": async (call) => sendJson(call, await stores.list(call.scope, call.query)),
    "GET /v1/vector_stores/:vectorStoreId": async (call) =>
      sendJson(call, await stores.get(call.scope, call.params.vectorStoreId)),
    "POST /v1/vector_stores/:vectorStoreId": async (call) =>
      sendJson(call, await stores.update(call.scope, call.params.vectorStoreId, call.body)),
    "DELETE /v1/vector_stores/:vectorStoreId": async (call) =>
      sendJson(call, await stores.delete(call.scope, call.params.vectorStoreId)),
    "POST /v1/vector_stores/:vectorStoreId/search": async (call) => {
      const order = { id: call.params.vectorStoreId, request: call.body, signal: call.signal };
      sendJson(call, await stores.search(call.scope, order));
    },
  });

const fileRoutes = (stores: VectorStores) =>
  mount(vectorStoreFilesApi, {
    "POST /v1/vector_stores/:vectorStoreId/files": async (call) =>
      sendJson(call, await stores.addFile(call.scope, call.params.vectorStoreId, call.body)),
    "GET /v1/vector_stores/:vectorStoreId/files": async (call) =>
      sendJson(call, await stores.listFiles(call.scope, call.params.vectorStoreId, call.query)),
    "GET /v1/vector_stores/:vectorStoreId/files/:fileId": async (call) =>
      sendJson(call, await stores.getFile(call.scope, call.params)),
    "POST /v1/vector_stores/:vectorStoreId/files/:fileId": async (call) =>
      sendJson(call, await stores.updateFile(call.scope, call.params, call.body.attributes)),
    "DELETE /v1/vector_stores/:vectorStoreId/files/:fileId": async (call) =>
      sendJson(call, await stores.removeFile(call.scope, call.params)),
    "GET /v1/vector_stores/:vectorStoreId/files/:fileId/content": async (call) =>
      sendJson(call, await stores.readFile(call.scope, call.params)),
  });

const batchRoutes = (stores: VectorStores) =>
  mount(vectorStoreBatchesApi, {
    "POST /v1/vector_stores/:vectorStoreId/file_batches": async (call) =>
      sendJson(call, await stores.createBatch(call.scope, call.params.vectorStoreId, call.body)),
    "GET /v1/vector_stores/:vectorStoreId/file_batches/:batchId": async (call) =>
      sendJson(call, await stores.getBatch(call.scope, call.params)),
    "POST /v1/vector_stores/:vectorStoreId/file_batches/:batchId/cancel": async (call) =>
      sendJson(call, await stores.cancelBatch(call.scope, call.params)),
    "GET /v1/vector_stores/:vectorStoreId/file_batches/:batchId/files": async (call) =>
      sendJson(call, await stores.listBatchFiles(call.scope, call.params, call.query)),
  });
