import type { Module } from "../../../kernel/module.ts";
import type { ConversionDeps } from "./deps.ts";
import { conversionRoutes } from "./routes.ts";
import { createModelConversions, type ModelConversions } from "./service.ts";

export function openConversions(deps: ConversionDeps): Module<ModelConversions> {
  const api = createModelConversions(deps);
  return { api, routes: [conversionRoutes(api)] };
}
