import type { Module } from "../../../kernel/module.ts";
import { rolloutRoutes } from "./routes.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { createRollouts, type Rollouts } from "./service.ts";

export function openRollouts(deps: RolloutDeps): Module<Rollouts> {
  const api = createRollouts(deps);
  return { api, routes: [rolloutRoutes(api)] };
}
