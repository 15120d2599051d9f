export * from "./experiments-api.ts";
export * from "./gates.ts";
export * from "./scorers.ts";
export * from "./suite-file.ts";
