import type { Module } from "../../../kernel/module.ts";
import { mcpRoutes } from "./routes.ts";
import { createMcp, type Mcp, type McpDeps } from "./service.ts";

export function openMcp(deps: McpDeps): Module<Mcp> {
  const api = createMcp(deps);
  return { api, routes: [mcpRoutes(api)] };
}
