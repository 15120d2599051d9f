import type { Module } from "../../../kernel/module.ts";
import { frontierRoutes } from "./routes.ts";
import { createFrontiers, type FrontierDeps, type Frontiers } from "./service.ts";

export function openFrontiers(deps: FrontierDeps): Module<Frontiers> {
  const api = createFrontiers(deps);
  return { api, routes: [frontierRoutes(api)] };
}
