import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { modelsRoute } from "../models/index.ts";
import { shellRoute } from "../shell/index.ts";
import { type ModelSearch, type RegistrySearch, tabOf } from "./registry-search.ts";

const listRoute = createRoute({
  getParentRoute: () => modelsRoute,
  path: "/registry",
  validateSearch: ({ search }: RegistrySearch): RegistrySearch => ({ search: search?.slice(0, 200) || undefined }),
  component: lazyRouteComponent(() => import("./registry-page.tsx"), "RegistryPage"),
});

const modelRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/models/registry/$name",
  validateSearch: (search: ModelSearch): ModelSearch => ({
    version: search.version || undefined,
    tab: tabOf(search) === "Overview" ? undefined : tabOf(search).toLowerCase(),
  }),
  component: lazyRouteComponent(() => import("./model-page.tsx"), "ModelPage"),
});

/** The list stands in the frame of models; a model has a page of its own. */
export const registryListRoute = listRoute;
export const registryRoutes = [modelRoute] as const;
