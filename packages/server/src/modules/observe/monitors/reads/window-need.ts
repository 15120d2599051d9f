import type { Meter, Sums } from "./meters.ts";
import type { SpanSource } from "./sums-sql.ts";

/** A window that a monitor needs. */
export type WindowNeed = {
  readonly source: SpanSource;
  readonly meter: Meter;
  /** Milliseconds since 1970. */
  readonly end: number;
  readonly seconds: number;
};
/** The sums of each series with spans, or why they could not be read. */
export type WindowRead = { readonly series: ReadonlyMap<string, Sums> } | { readonly error: string };
