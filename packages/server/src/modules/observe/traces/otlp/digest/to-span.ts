import { SPAN_KINDS, type Span } from "@treadle/contract";
import type { Reading } from "../../dialects/index.ts";
import type { Attributes, AttributeValue, ReceivedSpan } from "../../dialects/readers/received-span.ts";
import { fromMicros } from "../../rows/micros.ts";
import { TRACE_STATE } from "../decode/received.ts";
import { isSpanId, isTraceId } from "./check-span.ts";
import type { SetAsides } from "./set-aside.ts";
import { notesOf } from "./span-notes.ts";

const MAX_COUNT = 4_294_967_295;
const MAX_MONEY = 1e9;
const MAX_FIRST_TOKEN_MS = 1e9;
const MAX_ATTRIBUTES = 1_000;
const MAX_EVENTS = 128;
const MAX_EVENT_ATTRIBUTES = 128;
const MAX_TAGS = 100;
const MAX_METADATA = 200;
const KINDS: ReadonlySet<unknown> = new Set(SPAN_KINDS);

export type Understood = {
  readonly span: ReceivedSpan;
  readonly reading: Reading & { readonly dialect: string };
  /** Repairs of the span. */
  readonly notes: readonly string[];
};

/** A span of the contract, within all its limits: stored spans must be valid in responses. */
export function toSpan({ span, reading, notes }: Understood, aside: SetAsides): Span {
  aside.begin();
  const input = aside.payload(reading.input ?? null);
  const output = aside.payload(reading.output ?? null);
  const events = leftEvents(span, reading);
  const links = span.links.filter(({ traceId, spanId }) => isTraceId(traceId) && isSpanId(spanId));
  const excess = { events: Math.max(0, events.length - MAX_EVENTS), links: Math.max(0, links.length - MAX_EVENTS) };
  const allNotes = [...notes, ...notesOf({ span, input, output, excess })];
  const wholes = { "treadle.input.whole": input.whole, "treadle.output.whole": output.whole };
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: cut(reading.name || span.name, 300) || "unnamed",
    kind: reading.kind !== undefined && KINDS.has(reading.kind) ? reading.kind : "span",
    startTime: fromMicros(span.startMicros),
    durationMs: (span.endMicros - span.startMicros) / 1_000,
    timeToFirstTokenMs: within(reading.timeToFirstTokenMs, MAX_FIRST_TOKEN_MS),
    status: reading.status ?? (span.statusCode === 2 ? "error" : "ok"),
    errorType: cut(reading.errorType, 200),
    errorMessage: cut(reading.errorMessage ?? span.statusMessage, 20_000),
    service: cut(textOf(span.resource.get("service.name")), 200),
    ...toTexts(reading),
    ...toCounts(reading),
    costUsd: within(reading.costUsd, MAX_MONEY),
    isCacheHit: false,
    tags: (reading.tags ?? []).slice(0, MAX_TAGS).map((tag) => cut(tag, 200)),
    metadata: toMetadata(reading.metadata ?? {}),
    parameters: toRecord(Object.entries(reading.parameters ?? {}), { longest: 200, aside }),
    input: input.shown,
    output: output.shown,
    attributes: toAttributes({ span, reading, notes: allNotes }, { aside, facts: { ...factsOf(span), ...wholes } }),
    attempts: [],
    configHash: "",
    events: events.slice(0, MAX_EVENTS).map((event) => ({
      name: cut(event.name, 300),
      time: fromMicros(event.timeMicros > 0 ? event.timeMicros : span.startMicros),
      attributes: toRecord([...event.attributes].slice(0, MAX_EVENT_ATTRIBUTES), { longest: 500, aside }),
    })),
    links: links.slice(0, MAX_EVENTS).map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: toRecord([...link.attributes].slice(0, MAX_EVENT_ATTRIBUTES), { longest: 500, aside }),
    })),
    scopeName: cut(span.scope.name, 300),
    dialect: cut(reading.dialect, 60),
    variant: "",
    rolloutId: "",
    assignment: null,
  };
}

const SPAN_KIND_NAMES = ["", "", "server", "client", "producer", "consumer"];

/** OpenTelemetry's fields that have no column here. The default kind is left out. */
const factsOf = ({ spanKind, traceState, scope }: ReceivedSpan) => ({
  "otel.span_kind": SPAN_KIND_NAMES[spanKind] ?? "",
  [TRACE_STATE]: cut(traceState, 512),
  "otel.scope.version": cut(scope.version, 200),
});

/** Events that were read into fields, or that only report a piece of a stream, are not stored a second time. */
export function leftEvents({ events }: ReceivedSpan, { consumedEvents = [], readEvents = [] }: Reading) {
  if (consumedEvents.length + readEvents.length === 0) return events;
  const names = new Set(consumedEvents);
  const read = new Set(readEvents);
  return events.filter((event) => !names.has(event.name) && !read.has(event));
}

const toTexts = (reading: Reading) => ({
  environment: cut(reading.environment, 200),
  provider: cut(reading.provider, 200),
  requestModel: cut(reading.requestModel, 300),
  responseModel: cut(reading.responseModel, 300),
  endpoint: "",
  userId: cut(reading.userId, 500),
  sessionId: cut(reading.sessionId, 500),
  traceName: cut(reading.traceName, 300),
  promptName: cut(reading.promptName, 300),
  promptVersion: cut(reading.promptVersion, 200),
  release: cut(reading.release, 200),
});

const toCounts = (reading: Reading) => ({
  inputTokens: toCount(reading.inputTokens),
  outputTokens: toCount(reading.outputTokens),
  cachedInputTokens: toCount(reading.cachedInputTokens),
  cacheWriteTokens: toCount(reading.cacheWriteTokens),
  reasoningTokens: toCount(reading.reasoningTokens),
});

const cut = (text: string | undefined, longest: number): string =>
  text === undefined || text.length <= longest ? (text ?? "") : text.slice(0, longest);

const textOf = (value: AttributeValue | undefined): string => (typeof value === "string" ? value : "");

const toCount = (value: number | undefined): number =>
  value !== undefined && value > 0 && value <= MAX_COUNT ? Math.floor(value) : 0;

/** Null unless it is a non-negative number within reasonable bounds. */
const within = (value: number | null | undefined, most: number): number | null =>
  typeof value === "number" && value >= 0 && value <= most ? value : null;

function toMetadata(given: Readonly<Record<string, string>>): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(given).slice(0, MAX_METADATA)) metadata[cut(key, 200)] = cut(value, 10_000);
  return metadata;
}

type Shaping = { readonly longest: number; readonly aside: SetAsides };

/** In an object without a prototype no key is special, so `__proto__` is a normal key. */
export function toRecord(
  entries: Iterable<readonly [string, unknown]>,
  { longest, aside }: Shaping,
): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  let count = 0;
  for (const [key, value] of entries) {
    if (++count > MAX_ATTRIBUTES) break;
    record[cut(key, longest)] = aside.bound(toPlain(value));
  }
  return record;
}

/**
 * Everything without a column: the other attributes, the attributes of the scope and of the resource, other fields, and
 * repairs.
 */
function toAttributes(
  { span, reading, notes }: Understood,
  { aside, facts }: { aside: SetAsides; facts: Readonly<Record<string, string>> },
): Record<string, unknown> {
  const consumed = new Set(reading.consumed);
  const rest = [...span.attributes].filter(([key]) => !consumed.has(key));
  const excess = Math.max(0, rest.length - MAX_ATTRIBUTES);
  const allNotes = excess > 0 ? [...notes, `${excess} of its attributes exceed the limit and are not stored.`] : notes;
  const entries = rest.slice(0, MAX_ATTRIBUTES);
  const record = toRecord(entries, { longest: 500, aside });
  for (const [key, value] of reading.attributes ?? []) record[cut(key, 500)] = aside.bound(toPlain(value));
  for (const [key, value] of prefixed("scope", span.scope.attributes)) record[key] = aside.bound(toPlain(value));
  for (const [key, value] of prefixed("resource", span.resource)) record[key] = aside.bound(toPlain(value));
  for (const [key, value] of Object.entries(facts)) if (value !== "") record[key] = value;
  if (allNotes.length > 0) record["treadle.notes"] = allNotes;
  return record;
}

const names = { scope: new Map<string, string>(), resource: new Map<string, string>() };
const MAX_NAMES = 10_000;

function* prefixed(origin: keyof typeof names, attributes: Attributes): Generator<[string, AttributeValue]> {
  let count = 0;
  for (const [key, value] of attributes) {
    if (++count > MAX_ATTRIBUTES) return;
    if (key === "service.name") continue;
    let name = names[origin].get(key);
    if (name === undefined) {
      name = cut(`${origin}.${key}`, 500);
      if (names[origin].size < MAX_NAMES) names[origin].set(key, name);
    }
    yield [name, value];
  }
}

/** Maps of attributes as objects without a prototype. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  const record: Record<string, unknown> = Object.create(null);
  for (const [key, item] of value) record[String(key)] = toPlain(item);
  return record;
}
