import type { Module } from "../../../kernel/module.ts";
import { exportRoutes } from "./routes.ts";
import { createScheduledExports, type ExportsDeps, type ScheduledExports } from "./service.ts";

export function openExports(deps: ExportsDeps): Module<ScheduledExports> {
  const api = createScheduledExports(deps);
  return { api, routes: [exportRoutes(api)], start: api.start };
}
