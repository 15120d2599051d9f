import type { RangeSearch } from "../../../components/time/time-range.ts";
import type { FilterSearch } from "../filter/index.ts";

/** What the table of groups shows: which spans, by what, which numbers, sorted by which of them. */
export type GroupSearch = FilterSearch &
  RangeSearch & { by?: string; show?: string; sort?: string; direction?: string; compare?: string; saved?: string };

/** Two filters in the same time. */
export type CompareSearch = RangeSearch & { a?: string; b?: string };
