export { endpointRoutes } from "./routes.ts";
export { createEndpoints, type ResolvedEndpoint } from "./service.ts";
