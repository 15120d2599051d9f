export type { DriftDeps, ReadDatasetTexts } from "./deps.ts";
export { openDrift } from "./open.ts";
export type { Drift } from "./service.ts";
export { createDriftWork, type DriftOrders } from "./texts/drift-work.ts";
