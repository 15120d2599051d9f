import type { Module } from "../../../kernel/module.ts";
import { shadowRoutes } from "./routes.ts";
import { createShadows, type ShadowDeps, type Shadows } from "./service.ts";

/** Opens shadows. `start` resumes the running ones; `close` counts the requests that wait as lost. */
export function openShadows(deps: ShadowDeps): Module<Shadows> {
  const { start, close, ...api } = createShadows(deps);
  return { api, routes: [shadowRoutes(api)], start, close };
}
