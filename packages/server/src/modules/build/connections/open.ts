import type { Module } from "../../../kernel/module.ts";
import { connectionRoutes } from "./routes.ts";
import { type Connections, type ConnectionsDeps, createConnections } from "./service.ts";

export function openConnections(deps: ConnectionsDeps): Module<Connections> {
  const api = createConnections(deps);
  return { api, routes: [connectionRoutes(api)] };
}
