export { openConnections } from "./open.ts";
export { PRESET_IDS } from "./presets.ts";
export { listSealedKeys, type ResolvedConnection } from "./resolve-connections.ts";
export { connectionRoutes } from "./routes.ts";
export { type Connections, createConnections, redact } from "./service.ts";
