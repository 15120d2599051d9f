import type { Module } from "../../../kernel/module.ts";
import { systemRoutes } from "./routes.ts";
import { type Admin, createAdmin, type SystemDeps } from "./service.ts";

export function openSystem(deps: SystemDeps): Module<Admin> {
  const api = createAdmin(deps);
  return { api, routes: [systemRoutes(api)] };
}
