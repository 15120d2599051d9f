import type { Module } from "../../../kernel/module.ts";
import { redTeamRoutes } from "./routes.ts";
import { createRedTeam, type RedTeam } from "./service.ts";
import type { RedTeamDeps } from "./stores/deps.ts";

export function openRedTeam(deps: RedTeamDeps): Module<RedTeam> {
  const api = createRedTeam(deps);
  return { api, routes: [redTeamRoutes(api)] };
}
