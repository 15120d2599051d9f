import type { Module } from "../../../kernel/module.ts";
import type { DeploymentDeps } from "./deps.ts";
import { deploymentRoutes } from "./routes.ts";
import { createDeployments, type Deployments } from "./service.ts";

export function openDeployments(deps: DeploymentDeps): Module<Deployments> {
  const api = createDeployments(deps);
  return { api, routes: [deploymentRoutes(api)] };
}
