import type { Module } from "../../../kernel/module.ts";
import type { SloDeps } from "./deps.ts";
import { sloRoutes } from "./routes.ts";
import { createSlos, type Slos } from "./service.ts";
import type { StatusDeps } from "./status-page/deps.ts";
import { statusRoutes } from "./status-page/routes.ts";
import { createStatusPages } from "./status-page/status-service.ts";

export function openSlos(deps: SloDeps & Pick<StatusDeps, "openIncidents" | "isProjectActive">): Module<Slos> {
  const api = createSlos(deps);
  const pages = createStatusPages({ ...deps, slos: api });
  return { api, routes: [sloRoutes(api), statusRoutes(pages)], start: api.start };
}
