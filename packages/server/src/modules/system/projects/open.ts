import type { Module } from "../../../kernel/module.ts";
import type { Audit } from "../audit/index.ts";
import { createLifecycle, type Lifecycle, type LifecycleDeps } from "./lifecycle/lifecycle-service.ts";
import { type PurgeDeps, registerPurge } from "./lifecycle/purge-project.ts";
import { projectRoutes, sessionRoutes } from "./routes.ts";
import { createProjects, type Projects, type ProjectsDeps } from "./service.ts";

export function openProjects(deps: ProjectsDeps): Module<Projects> {
  const api = createProjects(deps);
  return { api, routes: [sessionRoutes(api)] };
}

type LifecycleModuleDeps = PurgeDeps &
  Omit<LifecycleDeps, "authentication"> & { readonly audit: Audit; readonly projects: Projects };

/** Projects from their creation to the removal of their data. Opened above all modules whose data a project holds. */
export function openLifecycle({ projects, ...deps }: LifecycleModuleDeps): Module<Lifecycle> {
  registerPurge(deps);
  const api = createLifecycle({ ...deps, authentication: projects.authentication });
  return { api, routes: [projectRoutes(projects, { audit: deps.audit, lifecycle: api })] };
}
