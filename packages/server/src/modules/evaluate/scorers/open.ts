import type { Module } from "../../../kernel/module.ts";
import type { ScorersDeps } from "./read-scorers.ts";
import { scorerRoutes } from "./routes.ts";
import type { ScorerMeans } from "./scoring/scorer-tools.ts";
import { createScorers, type Scorers } from "./service.ts";

export type OpenScorersDeps = ScorersDeps & ScorerMeans;

export function openScorers(deps: OpenScorersDeps): Module<Scorers> {
  const api = createScorers(deps);
  return { api, routes: [scorerRoutes(api)] };
}
