import type { Module } from "../../../kernel/module.ts";
import { modelRoutes } from "./routes.ts";
import { createModels, type Models, type ModelsDeps } from "./service.ts";

export function openModels(deps: ModelsDeps): Module<Models> {
  const api = createModels(deps);
  return { api, routes: [modelRoutes(api)], start: api.start };
}
