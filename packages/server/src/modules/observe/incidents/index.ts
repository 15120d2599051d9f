export type { EvidenceMeans, ReleasedRollout } from "./deps.ts";
export { openIncidents } from "./open.ts";
export type { IncidentOpening, IncidentSink, IncidentSource } from "./opening.ts";
export type { Incidents } from "./service.ts";
