export { FilterBar } from "./filter-bar.tsx";
export { hasFilter, parseFilter, type TraceFilter, wholeFilter } from "./trace-filter.ts";
export { traceRoutes } from "./trace-routes.ts";
