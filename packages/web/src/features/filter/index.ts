export { addCondition, setCondition, writeValue } from "./edit-filter.ts";
export { type FilterSearch, hasFilter, parseFilter, type TraceFilter, wholeFilter } from "./filter-address.ts";
export { FilterBar } from "./filter-bar.tsx";
export { FilteredList, type FilteredSearch } from "./filtered-list.tsx";
export { findProblem } from "./find-problem.ts";
export { usePages } from "./use-pages.ts";
