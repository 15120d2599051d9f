export { openDrift } from "./open.ts";
export type { Drift } from "./service.ts";
export type { DriftDeps, ReadDatasetTexts } from "./stores/deps.ts";
export { createDriftWork, type DriftOrders } from "./texts/drift-work.ts";
