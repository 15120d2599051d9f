import type { Module } from "../../../kernel/module.ts";
import { questionRoutes, questionSetRoutes, retrievalRunRoutes } from "./routes.ts";
import { createRetrieval, type Retrieval } from "./service.ts";
import type { RetrievalDeps } from "./stores/deps.ts";

export function openRetrieval(deps: RetrievalDeps): Module<Retrieval> {
  const api = createRetrieval(deps);
  return { api, routes: [questionSetRoutes(api), questionRoutes(api), retrievalRunRoutes(api)] };
}
