import { AppError } from "../../../../../kernel/errors.ts";
import { findHalfPair } from "../../../../../kernel/half-pairs.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { scanJson } from "../../../../../kernel/scan-json.ts";
import type { Attributes, AttributeValue, ReceivedSpan } from "../../dialects/readers/received-span.ts";
import {
  eventOf,
  finite,
  MAX_ITEMS,
  MAX_VALUE_DEPTH,
  type VisitLog,
  type VisitSpan,
  withTraceState,
} from "./received.ts";
import { placeOfTrace, type Share } from "./shard.ts";

type Json = Readonly<Record<string, unknown>>;

/** A few hundred bytes of memory each, at worst. */
const MAX_VALUES = 3_000_000;

const refuse = (message: string) =>
  new AppError("invalid_request", { message: `The request body was rejected. ${message}` });

/** An escape of half a surrogate pair; the other half may follow. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** A request that was parsed. Only one with such an escape is searched for half surrogate pairs. */
export type JsonRequest = { readonly root: Json; readonly mayHoldHalfPairs: boolean };
export const NO_REQUEST: JsonRequest = { root: {}, mayHoldHalfPairs: false };

/**
 * Parses an OTLP request in JSON. Throws `invalid_request` unless it is a JSON object. Invalid UTF-8 becomes U+FFFD.
 */
export function parseRequest(bytes: Buffer): JsonRequest {
  const problem = scanJson(bytes, MAX_VALUES);
  if (problem !== null) throw refuse(problem);
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const place = /position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1];
    throw refuse(
      place ? `It is not valid JSON: look at character ${place}.` : "It is not valid JSON, or it ends too soon.",
    );
  }
  if (!isRecord(value)) throw refuse("An OTLP request in JSON must be an object.");
  return { root: value, mayHoldHalfPairs: SURROGATE.test(text) };
}

/** The spans of a request or of a share of it, under their resource and scope; gives how many lie beyond `MAX_ITEMS`, unread. */
export function visitSpans(request: JsonRequest, visit: VisitSpan, share?: Share): number {
  return eachItem(request, ["resourceSpans", "scopeSpans", "spans"], (span, origin, index) => {
    if (!isIn(share, span)) return;
    const status = objectIn(span, "status");
    visit(
      {
        traceId: hexIn(span, "traceId"),
        spanId: hexIn(span, "spanId"),
        parentSpanId: hexIn(span, "parentSpanId"),
        name: textIn(span, "name"),
        startMicros: microsIn(span, "startTimeUnixNano"),
        endMicros: microsIn(span, "endTimeUnixNano"),
        statusCode: numberedIn(status, "code", STATUS_NAMES),
        statusMessage: textIn(status, "message"),
        attributes: attributesIn(span),
        events: objectsIn(span, "events").map((event) => ({
          name: textIn(event, "name"),
          timeMicros: microsIn(event, "timeUnixNano"),
          attributes: attributesIn(event),
        })),
        links: objectsIn(span, "links").map((link) => ({
          traceId: hexIn(link, "traceId"),
          spanId: hexIn(link, "spanId"),
          attributes: withTraceState(attributesIn(link), textIn(link, "traceState")),
        })),
        spanKind: numberedIn(span, "kind", KIND_NAMES),
        traceState: textIn(span, "traceState"),
        dropped: {
          attributes: countIn(span, "droppedAttributesCount"),
          events: countIn(span, "droppedEventsCount"),
          links: countIn(span, "droppedLinksCount"),
        },
        ...origin,
      },
      index,
    );
  });
}

export function visitLogs(request: JsonRequest, visit: VisitLog, share?: Share): number {
  return eachItem(request, ["resourceLogs", "scopeLogs", "logRecords"], (log, { problem }, index) => {
    if (!isIn(share, log)) return;
    const attributes = attributesIn(log);
    visit(
      {
        traceId: hexIn(log, "traceId"),
        spanId: hexIn(log, "spanId"),
        timeMicros: microsIn(log, "timeUnixNano") || microsIn(log, "observedTimeUnixNano"),
        event: eventOf(textIn(log, "eventName"), attributes),
        body: toValue(fieldIn(log, "body"), 0),
        attributes,
        ...(problem !== undefined && { problem }),
      },
      index,
    );
  });
}

const isIn = (share: Share | undefined, item: Json): boolean =>
  share === undefined || placeOfTrace(hexIn(item, "traceId"), share.of) === share.place;

const TRACE_IDS = /"trace(?:Id|_id)"\s*:\s*"([^"\\]*)"/g;

/**
 * The ids of traces in a request that is not parsed yet. It misses ids in unusual notation, such as with an escape in
 * the field's name.
 */
export const findTraceIds = (bytes: Buffer): string[] =>
  [...bytes.toString("latin1").matchAll(TRACE_IDS)].map(([, traceId = ""]) => traceId);

export function countDataPointsInJson({ root }: JsonRequest): number {
  let count = 0;
  for (const group of objectsIn(root, "resourceMetrics"))
    for (const scoped of objectsIn(group, "scopeMetrics"))
      for (const metric of objectsIn(scoped, "metrics"))
        for (const kind of ["gauge", "sum", "histogram", "exponentialHistogram", "summary"])
          count += listIn(objectIn(metric, kind), "dataPoints").length;
  return count;
}

type Origin = Pick<ReceivedSpan, "resource" | "scope" | "problem">;

function eachItem(
  { root, mayHoldHalfPairs }: JsonRequest,
  [groups, scopes, items]: readonly [string, string, string],
  take: (item: Json, origin: Origin, index: number) => void,
): number {
  const problemOf = mayHoldHalfPairs ? halfPairProblem : () => undefined;
  let count = 0;
  for (const group of objectsIn(root, groups)) {
    const resource = attributesIn(objectIn(group, "resource"));
    const ofResource = problemOf(objectIn(group, "resource"), "resource");
    for (const scoped of objectsIn(group, scopes)) {
      const scope = objectIn(scoped, "scope");
      const ofScope = ofResource ?? problemOf(scope, "scope");
      const named = { name: textIn(scope, "name"), version: textIn(scope, "version"), attributes: attributesIn(scope) };
      for (const item of listIn(scoped, items)) {
        count += 1;
        const problem = ofScope ?? problemOf(item, "item");
        if (count <= MAX_ITEMS)
          take(toObject(item), { resource, scope: named, ...(problem !== undefined && { problem }) }, count - 1);
      }
    }
  }
  return Math.max(0, count - MAX_ITEMS);
}

function halfPairProblem(value: unknown, place: "item" | "scope" | "resource"): string | undefined {
  const path = findHalfPair(value, place);
  return path === null ? undefined : `its ${path.replace(/^item\./, "")} contains half of a surrogate pair`;
}

const NOTHING: Json = {};
const snakeNames = new Map<string, string>();

function snakeOf(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}

/** A field, under its name in lowerCamelCase or as protobuf spells it. */
function fieldIn(object: Json, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const snake = snakeOf(name);
  return snake !== name && Object.hasOwn(object, snake) ? object[snake] : undefined;
}

function listIn(object: Json, name: string): readonly unknown[] {
  const value = fieldIn(object, name);
  return Array.isArray(value) ? value : [];
}
/** What is no object becomes an empty one, so that it is refused as an item and counted. */
const toObject = (item: unknown): Json => (isRecord(item) ? item : NOTHING);
const objectsIn = (object: Json, name: string): Json[] => listIn(object, name).map(toObject);

function objectIn(object: Json, name: string): Json {
  const value = fieldIn(object, name);
  return isRecord(value) ? value : NOTHING;
}
function textIn(object: Json, name: string): string {
  const value = fieldIn(object, name);
  return typeof value === "string" ? value : "";
}
const hexIn = (object: Json, name: string): string => textIn(object, name).toLowerCase();

/** Nanoseconds since 1970, as digits or as a number, in whole microseconds. 0 for other values. */
function microsIn(object: Json, name: string): number {
  const value = fieldIn(object, name);
  if (typeof value === "number") return Number.isFinite(value) && value > 0 ? Math.round(value / 1_000) : 0;
  return typeof value === "string" && /^\d{4,20}$/.test(value) ? Number(value.slice(0, -3)) : 0;
}

const STATUS_NAMES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];
const KIND_NAMES = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (name) => `SPAN_KIND_${name}`,
);

/** A value of an enumeration, as its number or by its name; 0 for what is neither. */
function numberedIn(object: Json, name: string, names: readonly unknown[]): number {
  const value = fieldIn(object, name);
  return typeof value === "number" ? value : Math.max(0, names.indexOf(value));
}

function countIn(object: Json, name: string): number {
  const value = asInteger(fieldIn(object, name));
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}

function attributesIn(object: Json): Attributes {
  return mapOf(listIn(object, "attributes"), 0);
}

function mapOf(pairs: readonly unknown[], depth: number): Map<string, AttributeValue> {
  const map = new Map<string, AttributeValue>();
  for (const pair of pairs) {
    if (isRecord(pair) && typeof pair.key === "string") map.set(pair.key, toValue(pair.value, depth));
  }
  return map;
}

function toValue(value: unknown, depth: number): AttributeValue {
  if (!isRecord(value) || depth >= MAX_VALUE_DEPTH) return null;
  for (const kind in value) {
    const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
    if (read) return read(value[kind], depth);
  }
  return null;
}

type ReadValue = (value: unknown, depth: number) => AttributeValue;
const asText: ReadValue = (value) => (typeof value === "string" ? value : null);
const asBoolean: ReadValue = (value) => (typeof value === "boolean" ? value : null);
/** A number that is written as a text is one; JSON has no other way for NaN and infinity, which stay their names. */
function asDouble(value: unknown): AttributeValue {
  if (typeof value === "number") return finite(value);
  if (typeof value !== "string") return null;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : value;
}
const asList: ReadValue = (value, depth) =>
  isRecord(value) ? listIn(value, "values").map((item) => toValue(item, depth + 1)) : null;
const asMap: ReadValue = (value, depth) => (isRecord(value) ? mapOf(listIn(value, "values"), depth + 1) : null);

function asInteger(value: unknown): AttributeValue {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^-?\d{1,20}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const READERS: Readonly<Record<string, ReadValue>> = {
  stringValue: asText,
  string_value: asText,
  boolValue: asBoolean,
  bool_value: asBoolean,
  intValue: asInteger,
  int_value: asInteger,
  doubleValue: asDouble,
  double_value: asDouble,
  arrayValue: asList,
  array_value: asList,
  kvlistValue: asMap,
  kvlist_value: asMap,
  bytesValue: asText,
  bytes_value: asText,
};
