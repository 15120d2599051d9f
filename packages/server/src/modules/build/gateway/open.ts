import type { Module } from "../../../kernel/module.ts";
import { semanticCacheRoutes } from "./cache/semantic/routes.ts";
import { gatewayRoutes } from "./routes.ts";
import { createGateway, type Gateway, type GatewayDeps } from "./service.ts";

/** Opens the gateway with its routes. `close` stops the thread that counts tokens. */
export function openGateway(deps: GatewayDeps): Module<Gateway> {
  const api = createGateway(deps);
  return { api, routes: [gatewayRoutes(api), semanticCacheRoutes(api.semanticCache)], close: api.close };
}
