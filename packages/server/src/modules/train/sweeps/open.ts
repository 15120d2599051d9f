import type { Module } from "../../../kernel/module.ts";
import type { SweepDeps } from "./deps.ts";
import { sweepRoutes } from "./routes.ts";
import { createSweeps, type SweepService } from "./service.ts";

export function openSweeps(deps: SweepDeps): Module<SweepService> {
  const api = createSweeps(deps);
  return { api, routes: [sweepRoutes(api)] };
}
