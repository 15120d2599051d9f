import type { Module } from "../../../kernel/module.ts";
import { mlflowRoutes, modelConversionRoutes, registryRoutes } from "./routes.ts";
import { createRegistry, type Registry } from "./service.ts";
import type { RegistryDeps } from "./stores/deps.ts";

export function openRegistry(deps: RegistryDeps): Module<Registry> {
  const api = createRegistry(deps);
  return { api, routes: [registryRoutes(api), modelConversionRoutes(api), mlflowRoutes(api)] };
}
