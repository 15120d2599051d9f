export * from "./jobs.ts";
export * from "./mcp.ts";
export * from "./projects.ts";
export * from "./session.ts";
export * from "./system.ts";
