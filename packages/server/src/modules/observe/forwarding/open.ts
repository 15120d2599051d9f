import type { Module } from "../../../kernel/module.ts";
import { forwardingRoutes } from "./routes.ts";
import { createForwarding, type Forwarding, type ForwardingDeps } from "./service.ts";

export function openForwarding(deps: ForwardingDeps): Module<Forwarding> {
  const api = createForwarding(deps);
  return { api, routes: [forwardingRoutes(api)], start: api.start };
}
