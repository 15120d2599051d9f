import type { RangeSearch } from "../../components/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";

/** What the address of a dashboard says: the time, a filter over all charts, and how it is looked at. */
export type BoardSearch = RangeSearch &
  TraceFilter & {
    compare?: string;
    /** Seconds, or `0` for never; the usual when unset. */
    refresh?: string;
    edit?: string;
    /** The chart that is enlarged, or while the dashboard is edited, the one in the editor. */
    chart?: string;
  };
