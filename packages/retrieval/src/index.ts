export * from "./chunks/index.ts";
export * from "./citations/index.ts";
