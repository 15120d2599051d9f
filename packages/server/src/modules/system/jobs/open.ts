import type { Module } from "../../../kernel/module.ts";
import { jobRoutes } from "./routes.ts";
import { createJobs, type JobsDeps, type JobsService } from "./service.ts";

export function openJobs(deps: JobsDeps): Module<JobsService> {
  const api = createJobs(deps);
  return { api, routes: [jobRoutes(api)] };
}
