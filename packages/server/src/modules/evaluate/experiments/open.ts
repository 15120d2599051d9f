import type { Module } from "../../../kernel/module.ts";
import { bisectRoutes } from "./bisect/routes.ts";
import { pairwiseRoutes } from "./pairwise/routes.ts";
import { analysisRoutes, experimentRoutes, gateRoutes, runRoutes } from "./routes.ts";
import type { EvalDeps } from "./run/deps.ts";
import { createEvals, type Evals } from "./service.ts";

export function openExperiments(deps: EvalDeps): Module<Evals> {
  const api = createEvals(deps);
  const routes = [experimentRoutes, runRoutes, analysisRoutes, gateRoutes, bisectRoutes, pairwiseRoutes];
  return { api, routes: routes.map((mounted) => mounted(api)), close: api.close };
}
