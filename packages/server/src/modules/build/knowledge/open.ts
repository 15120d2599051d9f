import type { Module } from "../../../kernel/module.ts";
import { knowledgeRoutes } from "./routes.ts";
import { createKnowledge, type Knowledge } from "./service.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";

export function openKnowledge(deps: KnowledgeDeps): Module<Knowledge> {
  const api = createKnowledge(deps);
  return {
    api,
    routes: [knowledgeRoutes(api)],
    async close() {
      await deps.documents.close();
      await deps.indexThread.close();
      await deps.searchThread.close();
    },
  };
}
