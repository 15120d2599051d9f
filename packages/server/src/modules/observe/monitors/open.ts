import type { Module } from "../../../kernel/module.ts";
import { monitorRoutes } from "./routes.ts";
import type { MonitorDeps } from "./run/deps.ts";
import { createMonitors, type Monitors } from "./service.ts";

export function openMonitors(deps: MonitorDeps): Module<Monitors> {
  const api = createMonitors(deps);
  return { api, routes: [monitorRoutes(api)], start: api.start };
}
