import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";

export type SpendSearch = RangeSearch & { by?: string };

export const spendRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/spend",
  validateSearch: ({ by, ...search }: SpendSearch): SpendSearch => ({
    ...parseRange(search),
    ...(typeof by === "string" && { by }),
  }),
  component: lazyRouteComponent(() => import("./spend-page.tsx"), "SpendPage"),
});
