import type { Module } from "../../../kernel/module.ts";
import type { CalibrationDeps } from "./deps.ts";
import { calibrationRoutes } from "./routes.ts";
import { type CalibrationService, createCalibration } from "./service.ts";

export function openCalibration(deps: CalibrationDeps): Module<CalibrationService> {
  const api = createCalibration(deps);
  return { api, routes: [calibrationRoutes(api)] };
}
