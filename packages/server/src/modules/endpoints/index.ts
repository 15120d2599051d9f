export { endpointRoutes } from "./routes.ts";
export { createEndpoints, type Endpoints, type ResolvedEndpoint } from "./service.ts";
