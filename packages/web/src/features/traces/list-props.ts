import type { ReactNode } from "react";
import type { Column, TableLayout } from "../../components/table-layout.ts";
import type { RangeSearch } from "../../components/time-range.ts";
import type { TraceFilter } from "./trace-filter.ts";
import type { LiveState } from "./use-live.ts";

/** What of the address the lists read and write. */
export type ListSearch = {
  order?: string;
  direction?: string;
  open?: string;
  span?: string;
  live?: string;
  columns?: string;
};

export type Toolbar = <Row>(parts: {
  live: LiveState;
  columns: readonly Column<Row>[];
  layout: TableLayout<Row>;
}) => ReactNode;

export type ListProps = {
  filter: TraceFilter;
  range: RangeSearch;
  search: ListSearch;
  change: (next: ListSearch) => void;
  /** Draws the filters; it needs the list's columns and the state of its live tail. */
  toolbar: Toolbar;
};
