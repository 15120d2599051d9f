/** A call as its span stores it. The payloads are JSON. */
export type StoredCall = {
  readonly traceId: string;
  readonly spanId: string;
  readonly endpoint: string;
  /** In UTC, such as `2026-01-31`. */
  readonly day: string;
  /** Whether a guard removed something before the call was stored. */
  readonly isChanged: boolean;
  readonly input: string;
  readonly output: string;
};

/** The place of a call in the order of reading: newest first. Microseconds since 1970 as a text, because JSON would round it. */
export type CallPlace = { readonly micros: string; readonly traceId: string; readonly spanId: string };
