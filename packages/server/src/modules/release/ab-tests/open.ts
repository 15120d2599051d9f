import type { Module } from "../../../kernel/module.ts";
import type { AbTestDeps } from "./deps.ts";
import { abTestRoutes } from "./routes.ts";
import { type AbTests, createAbTests } from "./service.ts";

export function openAbTests(deps: AbTestDeps): Module<AbTests> {
  const api = createAbTests(deps);
  return { api, routes: [abTestRoutes(api)] };
}
