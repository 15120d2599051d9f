export * from "./api.ts";
export * from "./bases.ts";
export * from "./documents.ts";
export * from "./search.ts";
export * from "./versions.ts";
