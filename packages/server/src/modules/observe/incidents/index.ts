export type { EvidenceMeans, ReleasedRollout } from "./deps.ts";
export { openIncidents } from "./open.ts";
export type { IncidentNotes, IncidentOpening, IncidentSink, IncidentSource } from "./opening.ts";
export type { Incidents } from "./service.ts";
