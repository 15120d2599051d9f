import type { Module } from "../../../kernel/module.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { liveAgreementRoutes } from "./routes.ts";
import { createLiveAgreement, type LiveAgreementService } from "./service.ts";

export function openLiveAgreement(deps: LiveAgreementDeps): Module<LiveAgreementService> {
  const api = createLiveAgreement(deps);
  return { api, routes: [liveAgreementRoutes(api)] };
}
