import type { Module } from "../../../kernel/module.ts";
import type { DashboardsDeps } from "./dashboards-service.ts";
import { dashboardRoutes } from "./routes.ts";
import { createDashboardServices, type DashboardServices } from "./service.ts";

export function openDashboards(deps: DashboardsDeps): Module<DashboardServices> {
  const api = createDashboardServices(deps);
  return { api, routes: [dashboardRoutes(api)] };
}
