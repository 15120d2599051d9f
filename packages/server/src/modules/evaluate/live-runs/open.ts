import type { Module } from "../../../kernel/module.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { liveRunRoutes } from "./routes.ts";
import { createLiveRuns, type LiveRuns } from "./service.ts";

export function openLiveRuns(deps: LiveRunsDeps): Module<LiveRuns> {
  const api = createLiveRuns(deps);
  return { api, routes: [liveRunRoutes(api)], start: api.start };
}
