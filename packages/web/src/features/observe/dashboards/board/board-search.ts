import type { RangeSearch } from "../../../../components/time/time-range.ts";
import type { TraceFilter } from "../../filter/index.ts";

/** The URL parameters of a dashboard: the time range, a filter for all charts, and the view. */
export type BoardSearch = RangeSearch &
  TraceFilter & {
    compare?: string;
    /** Seconds, or `0` for never; the usual when unset. */
    refresh?: string;
    edit?: string;
    /** The enlarged chart or, in edit mode, the chart in the editor. */
    chart?: string;
  };
