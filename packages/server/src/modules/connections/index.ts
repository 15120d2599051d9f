export { PRESET_IDS } from "./presets.ts";
export type { ResolvedConnection } from "./resolve-connections.ts";
export { connectionRoutes } from "./routes.ts";
export { type Connections, createConnections, redact } from "./service.ts";
