import type { Module } from "../../../kernel/module.ts";
import { harvestRoutes } from "./harvest/routes.ts";
import { createHarvest, type Harvest, type HarvestDeps } from "./harvest/service.ts";
import type { AnnotationDeps } from "./queues/deps.ts";
import { annotationRoutes } from "./routes.ts";
import { type Annotation, createAnnotation } from "./service.ts";

export function openAnnotation(deps: AnnotationDeps): Module<Annotation> {
  const api = createAnnotation(deps);
  return { api, routes: [annotationRoutes(api)] };
}

export function openHarvest(deps: HarvestDeps): Module<Harvest> {
  const api = createHarvest(deps);
  return { api, routes: [harvestRoutes(api)] };
}
