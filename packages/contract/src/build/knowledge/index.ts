export * from "./api.ts";
export * from "./ask.ts";
export * from "./bases.ts";
export * from "./documents.ts";
export * from "./documents-api.ts";
export * from "./search.ts";
export * from "./versions.ts";
export * from "./versions-api.ts";
