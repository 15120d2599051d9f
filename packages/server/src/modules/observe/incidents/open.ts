import type { Module } from "../../../kernel/module.ts";
import type { IncidentsDeps } from "./deps.ts";
import { incidentCommentRoutes, incidentEvidenceRoutes, incidentRoutes } from "./routes.ts";
import { createIncidents, type Incidents } from "./service.ts";

export function openIncidents(deps: IncidentsDeps): Module<Incidents> {
  const api = createIncidents(deps);
  return { api, routes: [incidentRoutes(api), incidentEvidenceRoutes(api), incidentCommentRoutes(api)] };
}
