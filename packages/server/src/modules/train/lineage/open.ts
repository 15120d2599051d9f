import type { Module } from "../../../kernel/module.ts";
import type { LineageDeps } from "./deps.ts";
import { lineageRoutes } from "./routes.ts";
import { createLineage, type Lineage } from "./service.ts";

export function openLineage(deps: LineageDeps): Module<Lineage> {
  const api = createLineage(deps);
  return { api, routes: [lineageRoutes(api)] };
}
