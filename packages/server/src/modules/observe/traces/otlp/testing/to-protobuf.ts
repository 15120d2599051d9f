import type { Json, JsonAttribute, JsonLogs, JsonSpan, JsonTraces, JsonValue } from "./otlp-json.ts";

type Chunk = Uint8Array | readonly Chunk[];

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const flatten = (chunk: Chunk): Buffer =>
  Buffer.concat(
    (chunk instanceof Uint8Array ? [chunk] : chunk).map((part) => (part instanceof Uint8Array ? part : flatten(part))),
  );

function field(number: number, content: Chunk): Chunk {
  const bytes = flatten(content);
  return [varint((number << 3) | 2), varint(bytes.length), bytes];
}
const text = (number: number, value: string | undefined): Chunk => (value ? field(number, Buffer.from(value)) : []);
const hex = (number: number, value: string | undefined): Chunk =>
  value ? field(number, Buffer.from(value, "hex")) : [];
const integer = (number: number, value: number | string | undefined): Chunk =>
  value === undefined ? [] : [varint(number << 3), varint(BigInt(value))];
function nanos(number: number, value: string | undefined): Chunk {
  if (value === undefined) return [];
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return [varint((number << 3) | 1), bytes];
}
function double(number: number, value: number): Chunk {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [varint((number << 3) | 1), bytes];
}
const each = <Item>(items: readonly Item[] | undefined, write: (item: Item) => Chunk): Chunk =>
  (items ?? []).map(write);

function toValue(value: JsonValue | undefined): Chunk {
  if (!value) return [];
  if (value.stringValue !== undefined) return field(1, Buffer.from(value.stringValue));
  if (value.boolValue !== undefined) return integer(2, value.boolValue ? 1 : 0);
  if (value.intValue !== undefined) return integer(3, value.intValue);
  if (value.doubleValue !== undefined) return double(4, value.doubleValue);
  if (value.arrayValue)
    return field(
      5,
      each(value.arrayValue.values, (item) => field(1, toValue(item))),
    );
  if (value.kvlistValue) return field(6, attributes(1, value.kvlistValue.values));
  return value.bytesValue === undefined ? [] : field(7, Buffer.from(value.bytesValue, "base64"));
}
const attributes = (number: number, list: readonly JsonAttribute[] | undefined): Chunk =>
  each(list, ({ key, value }) => field(number, [text(1, key), field(2, toValue(value))]));

const span = (given: JsonSpan): Chunk => [
  hex(1, given.traceId),
  hex(2, given.spanId),
  text(3, given.traceState),
  hex(4, given.parentSpanId),
  text(5, given.name),
  integer(6, given.kind),
  nanos(7, given.startTimeUnixNano),
  nanos(8, given.endTimeUnixNano),
  attributes(9, given.attributes),
  integer(10, given.droppedAttributesCount),
  each(given.events, (event) =>
    field(11, [nanos(1, event.timeUnixNano), text(2, event.name), attributes(3, event.attributes)]),
  ),
  integer(12, given.droppedEventsCount),
  each(given.links, ({ traceId, spanId, traceState, attributes: given }) =>
    field(13, [hex(1, traceId), hex(2, spanId), text(3, traceState), attributes(4, given)]),
  ),
  integer(14, given.droppedLinksCount),
  given.status ? field(15, [text(2, given.status.message), integer(3, given.status.code)]) : [],
];

const origin = (given: Json): Chunk =>
  field(1, [text(1, given.name), text(2, given.version), attributes(3, given.attributes)]);
const resource = (given: Json): Chunk => field(1, attributes(1, given.attributes));

/** A traces request as its sender would write it in protobuf. */
export const tracesToProtobuf = ({ resourceSpans }: JsonTraces): Buffer =>
  flatten(
    each(resourceSpans, (group) =>
      field(1, [
        resource(group.resource ?? {}),
        each(group.scopeSpans, (scoped) =>
          field(2, [origin(scoped.scope ?? {}), each(scoped.spans, (item) => field(2, span(item)))]),
        ),
      ]),
    ),
  );

/** The same for log records. */
export const logsToProtobuf = ({ resourceLogs }: JsonLogs): Buffer =>
  flatten(
    each(resourceLogs, (group) =>
      field(1, [
        resource(group.resource ?? {}),
        each(group.scopeLogs, (scoped) =>
          field(2, [
            origin(scoped.scope ?? {}),
            each(scoped.logRecords, (log) =>
              field(2, [
                nanos(1, log.timeUnixNano),
                log.body ? field(5, toValue(log.body)) : [],
                attributes(6, log.attributes),
                hex(9, log.traceId),
                hex(10, log.spanId),
                text(12, log.eventName),
              ]),
            ),
          ]),
        ),
      ]),
    ),
  );
