import type { Module } from "../../../kernel/module.ts";
import { guardDetectorRoutes } from "./routes.ts";
import { createGuardDetectors, type GuardDetectors, type GuardDetectorsDeps } from "./service.ts";

export function openGuardDetectors(deps: GuardDetectorsDeps): Module<GuardDetectors> {
  const api = createGuardDetectors(deps);
  return { api, routes: [guardDetectorRoutes(api)] };
}
