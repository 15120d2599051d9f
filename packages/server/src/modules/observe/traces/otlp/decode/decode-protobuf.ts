import type {
  Attributes,
  AttributeValue,
  ReceivedEvent,
  ReceivedLink,
  ReceivedSpan,
} from "../../dialects/readers/received-span.ts";
import { decodeAttribute, decodeValue } from "./decode-values.ts";
import { eventOf, MAX_ITEMS, type VisitLog, type VisitSpan, withTraceState } from "./received.ts";
import { placeOfByte, type Share } from "./shard.ts";
import {
  type Cursor,
  cursorOf,
  readHex,
  readKey,
  readLastByte,
  readMessage,
  readNanos,
  readTag,
  readText,
  readVarint,
  skipField,
} from "./wire-reader.ts";

type Origin = Pick<ReceivedSpan, "resource" | "scope">;
type Scope = ReceivedSpan["scope"];
const NO_ATTRIBUTES: Attributes = new Map();

/** The fields of a span and of a log record that hold the id of its trace. */
const SPAN_TRACE = 0x0a;
const LOG_TRACE = 0x4a;

/**
 * Parses an ExportTraceServiceRequest, or a shard of it. Returns the number of unread spans beyond `MAX_ITEMS`. Throws
 * `invalid_request` for invalid bytes in the part that was read.
 */
export const decodeTraces = (bytes: Buffer, visit: VisitSpan, share?: Share): number =>
  eachItem(bytes, (cursor, origin, index) => {
    if (isIn(share, cursor, SPAN_TRACE)) visit(decodeSpan(cursor, origin), index);
  });

/** The same for an ExportLogsServiceRequest. */
export const decodeLogs = (bytes: Buffer, visit: VisitLog, share?: Share): number =>
  eachItem(bytes, (cursor, _, index) => {
    if (isIn(share, cursor, LOG_TRACE)) visit(decodeLog(cursor), index);
  });

/** The last byte of the trace of each span or log record, -1 for none. Throws as the decoders do. */
export function traceBytes(bytes: Buffer, signal: "traces" | "logs"): Set<number> {
  const firstBytes = new Set<number>();
  eachItem(bytes, (cursor) => firstBytes.add(traceByte(cursor, signal === "traces" ? SPAN_TRACE : LOG_TRACE)));
  return firstBytes;
}

const isIn = (share: Share | undefined, cursor: Cursor, tag: number): boolean =>
  share === undefined || placeOfByte(traceByte(again(cursor), tag), share.of) === share.place;

function traceByte(cursor: Cursor, wanted: number): number {
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag !== wanted) skipField(cursor, tag);
    else return readLastByte(cursor);
  }
  return -1;
}

/** Traces and logs are nested alike: resources (1), each with its own (1) and scopes (2), each with its own (1) and items (2). */
function eachItem(bytes: Buffer, take: (cursor: Cursor, origin: Origin, index: number) => void): number {
  let count = 0;
  eachField(cursorOf(bytes), 0x0a, (group) => {
    let resource: Attributes = NO_ATTRIBUTES;
    eachField(again(group), 0x0a, (cursor) => {
      resource = decodeAttributes(cursor);
    });
    eachField(group, 0x12, (scoped) => {
      let scope: Scope = { name: "", version: "", attributes: NO_ATTRIBUTES };
      eachField(again(scoped), 0x0a, (cursor) => {
        scope = decodeScope(cursor);
      });
      const origin = { resource, scope };
      eachField(scoped, 0x12, (item) => {
        count += 1;
        if (count <= MAX_ITEMS) take(item, origin, count - 1);
      });
    });
  });
  return Math.max(0, count - MAX_ITEMS);
}

/** Fields that identify the source can come after the spans, so a message is scanned twice. */
const again = (cursor: Cursor): Cursor => ({ ...cursor });

export function eachField(cursor: Cursor, wanted: number, take: (message: Cursor) => void): void {
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === wanted) take(readMessage(cursor));
    else skipField(cursor, tag);
  }
}

function decodeAttributes(cursor: Cursor): Attributes {
  const attributes = new Map<string, AttributeValue>();
  eachField(cursor, 0x0a, (attribute) => decodeAttribute(attribute, attributes));
  return attributes;
}

function decodeScope(cursor: Cursor): Scope {
  const attributes = new Map<string, AttributeValue>();
  let name = "";
  let version = "";
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) name = readKey(cursor);
    else if (tag === 0x12) version = readKey(cursor);
    else if (tag === 0x1a) decodeAttribute(readMessage(cursor), attributes);
    else skipField(cursor, tag);
  }
  return { name, version, attributes };
}

function decodeSpan(cursor: Cursor, { resource, scope }: Origin) {
  const attributes = new Map<string, AttributeValue>();
  const events: ReceivedEvent[] = [];
  const links: ReceivedLink[] = [];
  const span = { traceId: "", spanId: "", parentSpanId: "", name: "", startMicros: 0, endMicros: 0 };
  const dropped = { attributes: 0, events: 0, links: 0 };
  let spanKind = 0;
  let traceState = "";
  let status = { statusCode: 0, statusMessage: "" };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x4a) decodeAttribute(readMessage(cursor), attributes);
    else if (tag === 0x0a) span.traceId = readHex(cursor);
    else if (tag === 0x12) span.spanId = readHex(cursor);
    else if (tag === 0x22) span.parentSpanId = readHex(cursor);
    else if (tag === 0x2a) span.name = readKey(cursor);
    else if (tag === 0x39) span.startMicros = readNanos(cursor);
    else if (tag === 0x41) span.endMicros = readNanos(cursor);
    else if (tag === 0x5a) events.push(decodeEvent(readMessage(cursor)));
    else if (tag === 0x6a) links.push(decodeLink(readMessage(cursor)));
    else if (tag === 0x7a) status = decodeStatus(readMessage(cursor));
    else if (tag === 0x30) spanKind = readVarint(cursor);
    else if (tag === 0x1a) traceState = readText(cursor);
    else if (tag === 0x50) dropped.attributes = readVarint(cursor);
    else if (tag === 0x60) dropped.events = readVarint(cursor);
    else if (tag === 0x70) dropped.links = readVarint(cursor);
    else skipField(cursor, tag);
  }
  return { ...span, ...status, attributes, events, links, spanKind, traceState, dropped, scope, resource };
}

function decodeEvent(cursor: Cursor): ReceivedEvent {
  let attributes: Map<string, AttributeValue> | null = null;
  let name = "";
  let timeMicros = 0;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x09) timeMicros = readNanos(cursor);
    else if (tag === 0x12) name = readKey(cursor);
    else if (tag === 0x1a) {
      attributes ??= new Map();
      decodeAttribute(readMessage(cursor), attributes);
    } else skipField(cursor, tag);
  }
  return { name, timeMicros, attributes: attributes ?? NO_ATTRIBUTES };
}

function decodeLink(cursor: Cursor): ReceivedLink {
  let attributes: Map<string, AttributeValue> | null = null;
  let traceId = "";
  let spanId = "";
  let traceState = "";
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) traceId = readHex(cursor);
    else if (tag === 0x12) spanId = readHex(cursor);
    else if (tag === 0x1a) traceState = readText(cursor);
    else if (tag === 0x22) {
      attributes ??= new Map();
      decodeAttribute(readMessage(cursor), attributes);
    } else skipField(cursor, tag);
  }
  return { traceId, spanId, attributes: withTraceState(attributes ?? NO_ATTRIBUTES, traceState) };
}

function decodeStatus(cursor: Cursor) {
  let statusCode = 0;
  let statusMessage = "";
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x12) statusMessage = readText(cursor);
    else if (tag === 0x18) statusCode = readVarint(cursor);
    else skipField(cursor, tag);
  }
  return { statusCode, statusMessage };
}

function decodeLog(cursor: Cursor) {
  const attributes = new Map<string, AttributeValue>();
  const log = { traceId: "", spanId: "", eventName: "", body: null as AttributeValue, time: 0, observed: 0 };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x32) decodeAttribute(readMessage(cursor), attributes);
    else if (tag === 0x09) log.time = readNanos(cursor);
    else if (tag === 0x59) log.observed = readNanos(cursor);
    else if (tag === 0x2a) log.body = decodeValue(readMessage(cursor), 0);
    else if (tag === 0x4a) log.traceId = readHex(cursor);
    else if (tag === 0x52) log.spanId = readHex(cursor);
    else if (tag === 0x62) log.eventName = readKey(cursor);
    else skipField(cursor, tag);
  }
  const { traceId, spanId, body } = log;
  const event = eventOf(log.eventName, attributes);
  return { traceId, spanId, body, event, timeMicros: log.time || log.observed, attributes };
}
