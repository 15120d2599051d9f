/**
 * An OpenTelemetry attribute's value. Lists of key and value are maps, so that no key of a sender ever becomes a property;
 * bytes are base64; an integer beyond 2^53 is its digits.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;
export type Attributes = ReadonlyMap<string, AttributeValue>;

export type ReceivedEvent = { readonly name: string; readonly timeMicros: number; readonly attributes: Attributes };
export type ReceivedLink = { readonly traceId: string; readonly spanId: string; readonly attributes: Attributes };

/** A span as a sender of OpenTelemetry wrote it: checked for its ids and times, not yet understood. Times in microseconds since 1970. */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the span that begins its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly startMicros: number;
  readonly endMicros: number;
  /** OpenTelemetry's: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** OpenTelemetry's span kind: client, server or others. 0 if it is not set. */
  readonly spanKind: number;
  /** W3C's, as it came. */
  readonly traceState: string;
  /** The number of attributes, events and links that the sender dropped. */
  readonly dropped: { readonly attributes: number; readonly events: number; readonly links: number };
  readonly attributes: Attributes;
  readonly events: readonly ReceivedEvent[];
  readonly links: readonly ReceivedLink[];
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: Attributes };
  readonly resource: Attributes;
  /** Why its text cannot be stored as it was sent. */
  readonly problem?: string;
};
