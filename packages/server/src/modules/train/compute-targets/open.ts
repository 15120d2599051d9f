import type { Module } from "../../../kernel/module.ts";
import { computeTargetRoutes } from "./routes.ts";
import { type ComputeTargets, type ComputeTargetsDeps, createComputeTargets } from "./service.ts";

export function openComputeTargets(deps: ComputeTargetsDeps): Module<ComputeTargets> {
  const api = createComputeTargets(deps);
  return { api, routes: [computeTargetRoutes(api)] };
}
