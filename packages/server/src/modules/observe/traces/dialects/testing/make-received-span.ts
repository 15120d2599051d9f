import type { Attributes, AttributeValue, ReceivedSpan } from "../readers/received-span.ts";

type Given = string | number | boolean | null | readonly Given[];
type GivenAttributes = Readonly<Record<string, Given | undefined>>;
type GivenEvent = { readonly name: string; readonly attributes?: GivenAttributes };
type Overrides = Partial<Omit<ReceivedSpan, "attributes" | "events" | "resource" | "scope">> & {
  readonly events?: readonly GivenEvent[];
  readonly resource?: GivenAttributes;
  readonly scope?: string;
};

/** A span as it came, with these attributes. */
export function makeReceivedSpan(attributes: GivenAttributes, given: Overrides = {}): ReceivedSpan {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "",
    name: "made",
    startMicros: 1_700_000_000_000_000,
    endMicros: 1_700_000_000_500_000,
    statusCode: 0,
    statusMessage: "",
    links: [],
    spanKind: 0,
    traceState: "",
    dropped: { attributes: 0, events: 0, links: 0 },
    ...given,
    attributes: toAttributes(attributes),
    events: (given.events ?? []).map((event) => ({
      name: event.name,
      timeMicros: 1_700_000_000_100_000,
      attributes: toAttributes(event.attributes ?? {}),
    })),
    scope: { name: given.scope ?? "made-scope", version: "1.0.0", attributes: new Map() },
    resource: toAttributes(given.resource ?? {}),
  };
}

export const toAttributes = (record: GivenAttributes): Attributes =>
  new Map<string, AttributeValue>(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
