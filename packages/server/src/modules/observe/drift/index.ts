export { openDrift } from "./open.ts";
export type { ReadDatasetTexts } from "./stores/deps.ts";
export { createDriftWork, type DriftOrders } from "./texts/drift-work.ts";
