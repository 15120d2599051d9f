import type { Module } from "../../../kernel/module.ts";
import type { ModelEvaluationDeps } from "./deps.ts";
import { modelEvaluationRoutes } from "./routes.ts";
import { createModelEvaluations, type ModelEvaluations } from "./service.ts";

export function openRequiredEvaluations(deps: ModelEvaluationDeps): Module<ModelEvaluations> {
  const api = createModelEvaluations(deps);
  return { api, routes: [modelEvaluationRoutes(api)] };
}
