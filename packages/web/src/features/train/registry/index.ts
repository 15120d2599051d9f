import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { modelsRoute } from "../../build/models/index.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { type CompareSearch, type ModelSearch, type RegistrySearch, tabOf } from "./shared/registry-search.ts";

const short = (text: string | undefined) => text?.slice(0, 600) || undefined;

const listRoute = createRoute({
  getParentRoute: () => modelsRoute,
  path: "/registry",
  validateSearch: ({ search, tag, stage, base }: RegistrySearch): RegistrySearch => ({
    search: search?.slice(0, 200) || undefined,
    tag: short(tag),
    stage: short(stage),
    base: base?.slice(0, 200) || undefined,
  }),
  component: lazyRouteComponent(() => import("./registry-page.tsx"), "RegistryPage"),
});

const modelRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/models/registry/$name",
  validateSearch: (search: ModelSearch): ModelSearch => ({
    version: search.version || undefined,
    tab: tabOf(search) === "Overview" ? undefined : tabOf(search).toLowerCase(),
  }),
  component: lazyRouteComponent(() => import("./model/model-page.tsx"), "ModelPage"),
});

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/models/compare",
  validateSearch: ({ left, right }: CompareSearch): CompareSearch => ({ left: short(left), right: short(right) }),
  component: lazyRouteComponent(() => import("./compare/compare-page.tsx"), "CompareVersionsPage"),
});

/** The list is shown in the Models frame; a model and a comparison have their own pages. */
export const registryListRoute = listRoute;
export const registryRoutes = [modelRoute, compareRoute] as const;
