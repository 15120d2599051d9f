export type { IncidentOpening, IncidentSink, IncidentSource } from "./opening.ts";
