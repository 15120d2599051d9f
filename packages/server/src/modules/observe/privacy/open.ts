import type { Module } from "../../../kernel/module.ts";
import type { PrivacyDeps } from "./deps.ts";
import { privacyRoutes } from "./routes.ts";
import { createPrivacy, type PrivacyService } from "./service.ts";

export function openPrivacy(deps: PrivacyDeps): Module<PrivacyService> {
  const api = createPrivacy(deps);
  return { api, routes: [privacyRoutes(api)], start: api.start };
}
