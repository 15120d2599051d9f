import type { Module } from "../../../kernel/module.ts";
import { endpointRoutes } from "./routes.ts";
import { createEndpoints, type Endpoints, type EndpointsDeps } from "./service.ts";

export function openEndpoints(deps: EndpointsDeps): Module<Endpoints> {
  const api = createEndpoints(deps);
  return { api, routes: [endpointRoutes(api)] };
}
