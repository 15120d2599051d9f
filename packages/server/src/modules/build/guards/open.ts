import type { Module } from "../../../kernel/module.ts";
import { guardRoutes, moderationRoutes } from "./routes.ts";
import { createGuards, type Guards, type GuardsDeps } from "./service.ts";

export function openGuards(deps: GuardsDeps): Module<Guards> {
  const api = createGuards(deps);
  return { api, routes: [guardRoutes(api), moderationRoutes(api)] };
}
