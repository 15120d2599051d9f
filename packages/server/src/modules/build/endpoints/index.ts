export { openEndpoints } from "./open.ts";
export type { EndpointsDeps, ResolvedEndpoint } from "./service.ts";
export { createEndpoints } from "./service.ts";
