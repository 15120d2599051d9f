export * from "./curation.ts";
export * from "./curation-map.ts";
export * from "./dataset-api.ts";
export * from "./dataset-files.ts";
export * from "./datasets.ts";
export * from "./quality-report.ts";
export * from "./trace-items.ts";
export * from "./trace-items-api.ts";
