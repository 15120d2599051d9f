import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { FrontierSearch } from "./use-frontier.ts";

const frontierRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/frontier",
  validateSearch: ({ endpoint, quality, direction, margin, days }: FrontierSearch): FrontierSearch => ({
    endpoint: endpoint || undefined,
    quality: quality || undefined,
    direction: direction === "lower" ? direction : undefined,
    margin: Number(margin) > 0 ? Number(margin) : undefined,
    days: Number(days) > 0 ? Number(days) : undefined,
  }),
  component: lazyRouteComponent(() => import("./frontier-page.tsx"), "FrontierPage"),
});

export const frontierRoutes = [frontierRoute] as const;
