export { addCondition, setCondition, writeValue } from "./edit-filter.ts";
export { type FilterSearch, hasFilter, parseFilter, type TraceFilter, wholeFilter } from "./filter-address.ts";
export { FilterBar } from "./filter-bar.tsx";
export { usePages } from "./use-pages.ts";
