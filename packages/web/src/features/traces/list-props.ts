import type { RangeSearch } from "../../components/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";

/** What of the address the lists read and write. */
export type ListSearch = TraceFilter & {
  order?: string;
  direction?: string;
  open?: string;
  span?: string;
  live?: string;
  columns?: string;
};

export type ListProps = {
  filter: TraceFilter;
  range: RangeSearch;
  search: ListSearch;
  change: (next: ListSearch) => void;
};
