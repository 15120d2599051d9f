export { openEndpoints } from "./open.ts";
export type { ResolvedEndpoint } from "./service.ts";
export { createEndpoints } from "./service.ts";
