export * from "./limits.ts";
export * from "./spend.ts";
