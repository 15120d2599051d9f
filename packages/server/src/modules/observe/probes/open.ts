import type { Module } from "../../../kernel/module.ts";
import { probesRoutes } from "./routes.ts";
import { createProbes, type Probes } from "./service.ts";
import type { ProbeDeps } from "./stores/deps.ts";

export function openProbes(deps: ProbeDeps): Module<Probes> {
  const api = createProbes(deps);
  return { api, routes: [probesRoutes(api)] };
}
