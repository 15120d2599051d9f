import type { Module } from "../../../kernel/module.ts";
import { exploreRoutes } from "./routes.ts";
import { createExploreServices, type Insights, type InsightsDeps } from "./service.ts";

export function openExplore(deps: InsightsDeps): Module<Insights> {
  const api = createExploreServices(deps);
  return { api, routes: [exploreRoutes(api)] };
}
