import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { DatasetsSearch, DiffSearch, ImportSearch, ItemsSearch, MapSearch } from "./shared/dataset-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/datasets",
  validateSearch: ({ search, evaluation, new: begun }: DatasetsSearch): DatasetsSearch => ({
    search: search || undefined,
    evaluation: evaluation === "1" ? "1" : undefined,
    new: begun === "file" || begun === "traces" || begun === "hand" || begun === "set" ? begun : undefined,
  }),
  component: lazyRouteComponent(() => import("./list/datasets-page.tsx"), "DatasetsPage"),
});

/** The frame of one dataset: its name, its tabs and its draft, on every page. */
const datasetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/datasets/$datasetId",
  validateSearch: ({ branch }: { branch?: string }): { branch?: string } => ({
    branch: branch === "main" ? undefined : branch,
  }),
  search: { middlewares: [retainSearchParams(["branch"])] },
  component: lazyRouteComponent(() => import("./frame/dataset-frame.tsx"), "DatasetFrame"),
});

const itemsRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/",
  validateSearch: (search: ItemsSearch): ItemsSearch => ({
    at: search.at,
    filter: search.filter || undefined,
    sort: search.sort || undefined,
    from: Number(search.from) > 0 ? String(Math.floor(Number(search.from))) : undefined,
    columns: search.columns,
    open: search.open,
    edit: search.edit === "1" ? "1" : undefined,
    field: search.field,
    add: search.add === "hand" || search.add === "traces" ? search.add : undefined,
  }),
  component: lazyRouteComponent(() => import("./items/items-page.tsx"), "ItemsPage"),
});

const importRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/import",
  validateSearch: ({ upload, run }: ImportSearch): ImportSearch => ({ upload, run }),
  component: lazyRouteComponent(() => import("./transfer/import-page.tsx"), "ImportPage"),
});

const generateRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/generate",
  validateSearch: ({ job }: { job?: string }): { job?: string } => ({ job }),
  component: lazyRouteComponent(() => import("./generate/generate-page.tsx"), "GeneratePage"),
});

const curateRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/curate",
  validateSearch: ({ step }: { step?: string }): { step?: string } => ({ step }),
  component: lazyRouteComponent(() => import("./curate/curate-page.tsx"), "CuratePage"),
});

const versionsRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/versions",
  validateSearch: ({ version }: { version?: string }): { version?: string } => ({ version }),
  component: lazyRouteComponent(() => import("./versions/versions-page.tsx"), "VersionsPage"),
});

const diffRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/diff",
  validateSearch: (search: DiffSearch): DiffSearch => ({ from: search.from, to: search.to, kind: search.kind }),
  component: lazyRouteComponent(() => import("./versions/diff-page.tsx"), "DiffPage"),
});

const branchesRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/branches",
  validateSearch: ({ review }: { review?: string }): { review?: string } => ({ review }),
  component: lazyRouteComponent(() => import("./versions/branches-page.tsx"), "BranchesPage"),
});

const mapRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/map",
  validateSearch: ({ map, by, open, edit }: MapSearch): MapSearch => ({
    map,
    by,
    open,
    edit: edit === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./map/map-page.tsx"), "MapPage"),
});

const reportRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/report",
  validateSearch: ({ report }: { report?: string }): { report?: string } => ({ report }),
  component: lazyRouteComponent(() => import("./report/report-page.tsx"), "ReportPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/dataset-settings.tsx"), "DatasetSettings"),
});

export const datasetRoutes = [
  listRoute,
  datasetRoute.addChildren([
    itemsRoute,
    importRoute,
    generateRoute,
    curateRoute,
    versionsRoute,
    diffRoute,
    branchesRoute,
    mapRoute,
    reportRoute,
    settingsRoute,
  ]),
] as const;
