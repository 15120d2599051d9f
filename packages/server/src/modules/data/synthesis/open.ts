import type { Module } from "../../../kernel/module.ts";
import { synthesisRoutes } from "./routes.ts";
import { createSynthesis, type Synthesis, type SynthesisDeps } from "./service.ts";

export function openSynthesis(deps: SynthesisDeps): Module<Synthesis> {
  const api = createSynthesis(deps);
  return { api, routes: [synthesisRoutes(api)] };
}
