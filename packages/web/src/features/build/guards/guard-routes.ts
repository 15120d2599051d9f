import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { PolicySearch } from "./shared/policy-search.ts";

export type ListSearch = { search?: string | undefined };
export type NewSearch = { template?: string | undefined };
export type DetectorSearch = { labels?: string | undefined };

const POLICY_TABS: readonly (string | undefined)[] = ["preview", "versions"];

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/guards",
  validateSearch: ({ search }: ListSearch): ListSearch => ({ search: search?.slice(0, 200) || undefined }),
  component: lazyRouteComponent(() => import("./list/guards-page.tsx"), "GuardsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/guards/new",
  validateSearch: ({ template }: NewSearch): NewSearch => ({ template: template || undefined }),
  component: lazyRouteComponent(() => import("./editor/new-policy-page.tsx"), "NewPolicyPage"),
});

const detectorsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/guards/detectors",
  component: lazyRouteComponent(() => import("./detectors/detectors-page.tsx"), "DetectorsPage"),
});

const detectorRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/guards/detectors/$name",
  validateSearch: ({ labels }: DetectorSearch): DetectorSearch => ({
    labels: labels === "right" ? labels : undefined,
  }),
  component: lazyRouteComponent(() => import("./detectors/detector-page.tsx"), "DetectorPage"),
});

const policyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/guards/$policyId",
  validateSearch: ({ tab, preview }: PolicySearch): PolicySearch => ({
    tab: POLICY_TABS.includes(tab) ? tab : undefined,
    preview: preview?.slice(0, 100) || undefined,
  }),
  component: lazyRouteComponent(() => import("./editor/policy-page.tsx"), "PolicyPage"),
});

export const guardRoutes = [listRoute, newRoute, detectorsRoute, detectorRoute, policyRoute] as const;
