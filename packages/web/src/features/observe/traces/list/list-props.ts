import type { RangeSearch } from "../../../../components/time/time-range.ts";
import type { FilterSearch, TraceFilter } from "../../filter/index.ts";

/** What one row of the list is: a whole trace, any step, or a model's call. */
export const LIST_VIEWS = ["traces", "spans", "generations"] as const;
export type ListView = (typeof LIST_VIEWS)[number];

/** What of the address the lists read and write. */
export type ListSearch = FilterSearch &
  RangeSearch & {
    view?: string;
    order?: string;
    direction?: string;
    /** The trace in the side panel, and its open span. */
    open?: string;
    span?: string;
    live?: string;
    columns?: string;
    /** The saved view that was opened. */
    saved?: string;
    /** What spans are to be about, and how many of the newest are compared. */
    meaning?: string | undefined;
    among?: string | undefined;
  };

/** The list an address asks for. */
export const viewOf = ({ view }: { view?: string }): ListView => LIST_VIEWS.find((name) => name === view) ?? "traces";

export type ListProps = {
  /** The user's request. */
  filter: TraceFilter;
  range: RangeSearch;
  search: ListSearch;
  /** With `isNewPlace` the browser's way back leads here. */
  change: (next: ListSearch, isNewPlace?: boolean) => void;
};
