import type { RangeSearch } from "../../../components/time/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";

/** What the table under the charts can be made of: where the requests and their cost come from. */
export const BREAKDOWNS = ["model", "user", "tag", "endpoint", "prompt"] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** The URL parameters of the overview. */
export type OverviewSearch = TraceFilter & RangeSearch & { compare?: string; by?: string };

export const breakdownOf = (by: string | undefined): Breakdown => BREAKDOWNS.find((name) => name === by) ?? "model";
