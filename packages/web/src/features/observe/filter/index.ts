export { addCondition, writeValue } from "./edit-filter.ts";
export {
  type FilterSearch,
  hasFilter,
  joinFilter,
  parseFilter,
  type TraceFilter,
  wholeFilter,
} from "./filter-address.ts";
export { FilterBar } from "./filter-bar.tsx";
export { FilteredList, type FilteredSearch } from "./filtered-list.tsx";
export { findProblem } from "./find-problem.ts";
export { groupCondition, otherCondition } from "./group-condition.ts";
export { AddToFilter, OnlyThis } from "./only-this.tsx";
export { usePages } from "./use-pages.ts";
export { useSpanValues } from "./use-span-values.ts";
