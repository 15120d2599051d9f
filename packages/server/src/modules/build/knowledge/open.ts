import type { Module } from "../../../kernel/module.ts";
import { createThread } from "../../../platform/threads/port.ts";
import { documentRoutes, knowledgeRoutes, sourceRoutes, versionRoutes } from "./routes.ts";
import { createKnowledge, type Knowledge } from "./service.ts";
import type { SyncDeps } from "./sync/deps.ts";
import type { IndexOrders } from "./work/index-work.ts";
import type { SearchOrders } from "./work/search-work.ts";

/** Versions stay in memory for this time without searches. */
const INDEX_IDLE_MS = 30 * 60_000;

export function openKnowledge(deps: Omit<SyncDeps, "indexThread" | "searchThread">): Module<Knowledge> {
  const indexThread = createThread<IndexOrders>({
    script: new URL("./indexing/index-worker.ts", import.meta.url),
    name: "knowledge index",
  });
  const searchThread = createThread<SearchOrders>({
    script: new URL("./searching/search-worker.ts", import.meta.url),
    name: "knowledge search",
    idleMs: INDEX_IDLE_MS,
  });
  const api = createKnowledge({ ...deps, indexThread, searchThread });
  return {
    api,
    routes: [knowledgeRoutes(api), documentRoutes(api), sourceRoutes(api), versionRoutes(api)],
    start: () => api.startSchedules(),
    async close() {
      await deps.documents.close();
      await indexThread.close();
      await searchThread.close();
    },
  };
}
