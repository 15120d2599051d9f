import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { LineageSearch } from "./lineage-search.ts";

export const lineageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/lineage",
  validateSearch: ({ trace, span, model, version, run, dataset, at, item }: LineageSearch): LineageSearch => ({
    trace,
    span,
    model,
    version,
    run,
    dataset,
    at,
    item,
  }),
  component: lazyRouteComponent(() => import("./lineage-page.tsx"), "LineagePage"),
});
