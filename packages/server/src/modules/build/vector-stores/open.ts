import type { Module } from "../../../kernel/module.ts";
import { vectorStoreRoutes } from "./routes.ts";
import { createVectorStores, type VectorStores } from "./service.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

export function openVectorStores(deps: VectorStoresDeps): Module<VectorStores> {
  const api = createVectorStores(deps);
  return { api, routes: [vectorStoreRoutes(api)] };
}
