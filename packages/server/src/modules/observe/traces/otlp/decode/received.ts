import type { Attributes, AttributeValue, ReceivedSpan } from "../../dialects/readers/received-span.ts";

/** A log record as it was sent. Times are in microseconds since 1970, 0 if there is none. */
export type ReceivedLog = {
  readonly traceId: string;
  readonly spanId: string;
  readonly timeMicros: number;
  /** Empty for a record that is not an event. */
  readonly event: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  /** Why its text cannot be stored as it was sent. */
  readonly problem?: string;
};

/**
 * The receiver of the decoders' items, one after another. Nothing is checked yet: ids can have any length, and times
 * can be 0 or arbitrary. `index` is the item's position in the whole request.
 */
export type Visit<Item> = (item: Item, index: number) => void;
export type VisitSpan = Visit<ReceivedSpan>;
export type VisitLog = Visit<ReceivedLog>;

/** More in one request would take more memory than a request may: the rest is rejected unread. */
export const MAX_ITEMS = 100_000;
/** Values of attributes that lie deeper within one another are left out. */
export const MAX_VALUE_DEPTH = 32;

/** The name of a log record's event, where it is known under either of its names. */
export const eventOf = (eventName: string, attributes: Attributes): string => {
  if (eventName !== "") return eventName;
  const named = attributes.get("event.name");
  return typeof named === "string" ? named : "";
};

/** A link has no field for it, so it is stored in the attributes. */
export const withTraceState = (attributes: Attributes, traceState: string): Attributes =>
  traceState === "" ? attributes : new Map([...attributes, [TRACE_STATE, traceState]]);
export const TRACE_STATE = "otel.trace_state";

/** JSON knows no NaN and no infinity: they become their names. */
export const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
