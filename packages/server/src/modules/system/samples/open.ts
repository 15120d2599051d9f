import type { Module } from "../../../kernel/module.ts";
import { createSamples, type Samples, type SamplesDeps } from "./service.ts";

export function openSamples(deps: SamplesDeps): Module<Samples> {
  const api = createSamples(deps);
  return { api, routes: [] };
}
