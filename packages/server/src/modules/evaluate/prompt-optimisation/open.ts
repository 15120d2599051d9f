import type { Module } from "../../../kernel/module.ts";
import { optimisationRoutes } from "./routes.ts";
import { createOptimisation, type OptimisationService } from "./service.ts";
import type { OptimisationDeps } from "./stores/deps.ts";

export function openPromptOptimisation(deps: OptimisationDeps): Module<OptimisationService> {
  const api = createOptimisation(deps);
  return { api, routes: [optimisationRoutes(api)] };
}
