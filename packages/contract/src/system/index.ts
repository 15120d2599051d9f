export * from "./jobs.ts";
export * from "./mcp.ts";
export * from "./notifications.ts";
export * from "./notifications-api.ts";
export * from "./projects.ts";
export * from "./session.ts";
export * from "./system.ts";
