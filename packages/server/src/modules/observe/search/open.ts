import type { Module } from "../../../kernel/module.ts";
import { searchRoutes } from "./routes.ts";
import { createSearch, type SearchDeps, type SpanSearch } from "./service.ts";

export function openSearch(deps: SearchDeps): Module<SpanSearch> {
  const api = createSearch(deps);
  return { api, routes: [searchRoutes(api)] };
}
