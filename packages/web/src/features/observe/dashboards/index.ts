export { dimensionLabel, measureLabel, unitOf } from "./chart/measures.ts";
export { listBehind } from "./chart/open-list.ts";
export { dashboardRoutes } from "./dashboard-routes.ts";
export type { NameChoice } from "./edit/name-list.tsx";
export { useNames } from "./edit/use-names.ts";
