/** The part of OTLP in JSON that tests use. */
export type JsonValue = {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values: readonly JsonValue[] };
  readonly kvlistValue?: { readonly values: readonly JsonAttribute[] };
};
export type JsonAttribute = { readonly key: string; readonly value?: JsonValue };

export type JsonSpan = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly traceState?: string;
  readonly droppedAttributesCount?: number;
  readonly droppedEventsCount?: number;
  readonly droppedLinksCount?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly JsonAttribute[];
  readonly events?: readonly {
    readonly name: string;
    readonly timeUnixNano?: string;
    readonly attributes?: readonly JsonAttribute[];
  }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceState?: string;
    readonly attributes?: readonly JsonAttribute[];
  }[];
  readonly status?: { readonly code?: number; readonly message?: string };
};
export type JsonLog = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly timeUnixNano?: string;
  readonly eventName?: string;
  readonly body?: JsonValue;
  readonly attributes?: readonly JsonAttribute[];
};
/** A resource or a scope. */
export type Json = {
  readonly name?: string;
  readonly version?: string;
  readonly attributes?: readonly JsonAttribute[];
};
export type JsonTraces = {
  readonly resourceSpans: readonly {
    readonly resource?: Json;
    readonly scopeSpans: readonly { readonly scope?: Json; readonly spans: readonly JsonSpan[] }[];
  }[];
};
export type JsonLogs = {
  readonly resourceLogs: readonly {
    readonly resource?: Json;
    readonly scopeLogs: readonly { readonly scope?: Json; readonly logRecords: readonly JsonLog[] }[];
  }[];
};

const toValue = (value: unknown): JsonValue => {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  return { kvlistValue: { values: attributesOf(value as object) } };
};

/** Attributes out of plain values. */
export const attributesOf = (given: object): JsonAttribute[] =>
  Object.entries(given).map(([key, value]) => ({ key, value: toValue(value) }));

const nanosAt = (milliseconds: number) => String(BigInt(Math.round(milliseconds * 1_000)) * 1_000n);

type Given = Omit<JsonSpan, "attributes"> & {
  readonly attributes?: object;
  readonly startMs?: number;
  readonly ms?: number;
};

/** A valid span with the current time and unique ids. */
export function jsonSpan({ attributes = {}, startMs = Date.now() - 1_000, ms = 100, ...given }: Given = {}): JsonSpan {
  return {
    traceId: randomHex(32),
    spanId: randomHex(16),
    name: "step",
    kind: 1,
    startTimeUnixNano: nanosAt(startMs),
    endTimeUnixNano: nanosAt(startMs + ms),
    attributes: attributesOf(attributes),
    ...given,
  };
}

const randomHex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join("");

/** A request of one resource and one scope. */
export const jsonTraces = (spans: readonly JsonSpan[], resource: object = { "service.name": "shop" }): JsonTraces => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf(resource) },
      scopeSpans: [{ scope: { name: "by-hand", version: "1.0" }, spans }],
    },
  ],
});

export const jsonLogs = (logRecords: readonly JsonLog[]): JsonLogs => ({
  resourceLogs: [{ scopeLogs: [{ scope: { name: "by-hand" }, logRecords }] }],
});
