import type { Module } from "../../../kernel/module.ts";
import { replayRoutes } from "./routes.ts";
import { createReplays, type Replays } from "./service.ts";
import type { ReplayDeps } from "./stores/deps.ts";

export function openReplays(deps: ReplayDeps): Module<Replays> {
  const api = createReplays(deps);
  return { api, routes: [replayRoutes(api)] };
}
