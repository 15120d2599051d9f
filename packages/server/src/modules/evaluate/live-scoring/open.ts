import type { Module } from "../../../kernel/module.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { liveScoringRoutes } from "./routes.ts";
import { createLiveScoring, type LiveScoring } from "./service.ts";

export function openLiveScoring(deps: LiveScoringDeps): Module<LiveScoring> {
  const api = createLiveScoring(deps);
  return { api, routes: [liveScoringRoutes(api)] };
}
