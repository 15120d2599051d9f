import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeOfTrace } from "../decode/shard.ts";
import { attributesOf, type JsonLog, type JsonSpan, jsonLogs, jsonSpan, jsonTraces } from "../testing/otlp-json.ts";
import { logsToProtobuf, tracesToProtobuf } from "../testing/to-protobuf.ts";
import type { Digest, Order } from "./decode-request.ts";
import { digest } from "./digest.ts";
import { createDigestThreads, placesOf } from "./digest-threads.ts";
import { createMemory } from "./memory.ts";
import { mergeDigests } from "./merge-digests.ts";

const NOW = Date.now();
const script = new URL("../testing/mortal-worker.ts", import.meta.url);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const order = (bytes: Uint8Array, more: Partial<Order> = {}): Order => ({
  signal: "traces",
  isProtobuf: true,
  projectId: "proj_1",
  now: NOW,
  isWatched: false,
  prices: [],
  privacy: null,
  bytes,
  ...more,
});
const asJson = (request: object) => Buffer.from(JSON.stringify(request));
const traces = (spans: readonly JsonSpan[]) => tracesToProtobuf(jsonTraces(spans));
/** A trace that belongs to the thread at this place of two. */
const traceAt = (place: number, digit = "a") => `${digit.repeat(30)}0${place}`;
const rowsOf = ({ encoded }: Pick<Digest, "encoded">) =>
  encoded
    .flatMap(({ table, lines }) =>
      Buffer.from(lines)
        .toString()
        .split("\n")
        .map((line) => ({ table, row: { ...JSON.parse(line), received_at: null } })),
    )
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
const withoutBuffers = ({ encoded, marks, watched, ...rest }: ReturnType<typeof mergeDigests>) => ({
  ...rest,
  watched: watched.map(({ row, index }) => ({ index, row: { ...row, received_at: null } })),
  rows: rowsOf({ encoded }),
});

let threads: ReturnType<typeof createDigestThreads>;
beforeEach(() => {
  threads = createDigestThreads({ log, script, threads: 2 });
});
afterEach(() => threads.close());

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((random) => Buffer.from(random).toString("hex"));
const id = (bytes: number) =>
  fc.oneof(
    { weight: 8, arbitrary: hex(bytes) },
    { weight: 1, arbitrary: fc.constantFrom("", "00".repeat(bytes), "abc") },
  );
const span = fc.record({
  traceId: id(16),
  spanId: id(8),
  name: fc.string(),
  startTimeUnixNano: fc.constantFrom(`${NOW}000000`, "0"),
  attributes: fc.constantFrom(
    attributesOf({ "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 3 }),
    attributesOf({ note: "x".repeat(300) }),
  ),
});
const record = fc.record({
  traceId: id(16),
  spanId: id(8),
  timeUnixNano: fc.constant(`${NOW}000000`),
  eventName: fc.constantFrom("gen_ai.choice", "other", "gen_ai.evaluation.result"),
  body: fc.record({ stringValue: fc.string() }),
});

test("however many shares a request is read in, together they are the request", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.record({ signal: fc.constant("traces" as const), items: fc.array(span, { maxLength: 12 }) }),
        fc.record({ signal: fc.constant("logs" as const), items: fc.array(record, { maxLength: 12 }) }),
      ),
      fc.boolean(),
      fc.integer({ min: 2, max: 4 }),
      ({ signal, items }, isProtobuf, of) => {
        const request = signal === "traces" ? jsonTraces(items as JsonSpan[]) : jsonLogs(items as JsonLog[]);
        const bytes = isProtobuf
          ? signal === "traces"
            ? tracesToProtobuf(jsonTraces(items as JsonSpan[]))
            : logsToProtobuf(jsonLogs(items as JsonLog[]))
          : asJson(request);
        const given = order(bytes, { signal, isProtobuf, isWatched: true });
        const whole = mergeDigests([digest(given, createMemory())], []);
        const shares = Array.from({ length: of }, (_, place) => digest({ ...given, share: { place, of } }));
        expect(withoutBuffers(mergeDigests(shares, []))).toEqual(withoutBuffers(whole));
        // The called threads are all threads with a shard of it.
        const asked = placesOf(given, of);
        const having = shares.flatMap(({ received }, place) => (received > 0 ? [place] : []));
        expect(asked).toEqual(expect.arrayContaining(having));
      },
    ),
    { numRuns: 300 },
  );
});

test("a span that comes again is known, whatever it comes with", async () => {
  const [left, right] = [jsonSpan({ traceId: traceAt(0) }), jsonSpan({ traceId: traceAt(1) })];
  expect(await threads.digest(order(traces([left, right])))).toMatchObject({ received: 2, repeated: 0 });
  const more = () => jsonSpan({ traceId: traceAt(1, "c") });
  expect(await threads.digest(order(traces([right, more()])))).toMatchObject({ received: 2, repeated: 1 });
  expect(await threads.digest(order(traces([more(), left])))).toMatchObject({ received: 2, repeated: 1 });
  const json = asJson(jsonTraces([left, right]));
  expect(await threads.digest(order(json, { isProtobuf: false }))).toMatchObject({ received: 2, repeated: 2 });
});

test("a request is refused as a whole, and then none of it was there", async () => {
  const [left, right] = [jsonSpan({ traceId: traceAt(0) }), jsonSpan({ traceId: traceAt(1) })];
  const bytes = traces([left, right]);
  // The name of the last span, which only the thread of its trace reads, declares a length beyond the span.
  const broken = Buffer.from(bytes);
  const name = Buffer.from(right.name ?? "");
  broken[broken.lastIndexOf(name) - 1] = 0x7f;
  const places = placesOf(order(Buffer.from(bytes)), 2);
  expect(places).toEqual([0, 1]);
  await expect(threads.digest(order(broken))).rejects.toMatchObject({ code: "invalid_request" });
  expect(await threads.digest(order(traces([left, right])))).toMatchObject({ received: 2, repeated: 0 });
});

test("spans that could not be stored are forgotten by each thread", async () => {
  const spans = [jsonSpan({ traceId: traceAt(0) }), jsonSpan({ traceId: traceAt(1) })];
  const { marks } = await threads.digest(order(traces(spans)));
  threads.forget(marks);
  expect(await threads.digest(order(traces(spans)))).toMatchObject({ repeated: 0 });
  expect(await threads.digest(order(traces(spans)))).toMatchObject({ repeated: 2 });
});

test("a call that was recorded elsewhere is known where its trace is read", async () => {
  for (const place of [0, 1]) {
    const traceId = traceAt(place, "b");
    const spanId = "c".repeat(16);
    threads.note({ projectId: "proj_1", traceId, parentSpanId: spanId, inputTokens: 5, outputTokens: 7 });
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 5,
      "gen_ai.usage.output_tokens": 7,
    };
    const read = await threads.digest(order(traces([jsonSpan({ traceId, spanId, attributes })])));
    const [first] = rowsOf(read);
    expect(first?.row.kind).toBe("chain");
    expect(first?.row.input_tokens).toBeUndefined();
  }
});

test("a thread that dies takes the whole request with it, which may come again", async () => {
  // Both get requests above the short limit. The word ends both.
  const deadly = Buffer.concat([Buffer.from("deadly"), Buffer.alloc(40_000)]);
  await expect(threads.digest(order(deadly))).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 1 });
  expect(threads.restarts()).toBe(2);
  const spans = [jsonSpan({ traceId: traceAt(0) }), jsonSpan({ traceId: traceAt(1) })];
  expect(await threads.digest(order(traces(spans)))).toMatchObject({ received: 2, repeated: 0 });
  expect([threads.waitingRequests(), threads.waitingBytes()]).toEqual([0, 0]);
});

test("only those threads are asked that have something to read", () => {
  const one = [jsonSpan({ traceId: traceAt(1) }), jsonSpan({ traceId: traceAt(1, "e") })];
  expect(placesOf(order(traces(one)), 2)).toEqual([1]);
  expect(placesOf(order(asJson(jsonTraces(one)), { isProtobuf: false }), 2)).toEqual([1]);
  expect(placesOf(order(traces([...one, jsonSpan({ traceId: traceAt(0) })])), 2)).toEqual([0, 1]);
  expect(placesOf(order(Buffer.from("what is no OTLP")), 2)).toEqual([0]);
  expect(placesOf(order(Buffer.alloc(0)), 2)).toEqual([0]);
  expect(placesOf(order(traces(one), { signal: "metrics" }), 2)).toEqual([0]);
  expect(placesOf(order(traces(one)), 1)).toEqual([0]);
  // The field's name has an unusual notation: each thread reads the request itself.
  const escaped = Buffer.from(JSON.stringify(jsonTraces(one)).replaceAll('"traceId"', '"trace\\u0049d"'));
  expect(placesOf(order(escaped, { isProtobuf: false }), 2)).toEqual([0, 1]);
  // A span without a trace, or with its trace in another notation, must not be lost between the others.
  const mixed = jsonTraces([
    jsonSpan({ traceId: traceAt(1) }),
    jsonSpan({ traceId: traceAt(2) }),
    jsonSpan({ traceId: undefined }),
  ]);
  expect(placesOf(order(asJson(mixed), { isProtobuf: false }), 4)).toEqual([0, 1, 2, 3]);
  // JSON of many megabytes is not parsed twice.
  const long = asJson(jsonTraces([{ ...one[0], name: "n".repeat(9_000_000) }]));
  expect(placesOf(order(long, { isProtobuf: false }), 2)).toEqual([1]);
  expect(placesOf(order(traces([{ ...one[0], name: "n".repeat(40_000) }])), 2)).toEqual([0, 1]);
});

test("a span that names no trace is counted, however many threads there are for the others", async () => {
  const four = createDigestThreads({ log, threads: 4 });
  const spans = [
    jsonSpan({ traceId: traceAt(1) }),
    jsonSpan({ traceId: traceAt(2) }),
    jsonSpan({ traceId: undefined }),
  ];
  const bytes = asJson(jsonTraces(spans));
  const { received, rejected, message } = await four.digest(order(bytes, { isProtobuf: false }));
  await four.close();
  expect([received, rejected]).toEqual([3, 1]);
  expect(message).toContain("its trace id must have 16 bytes");
});

test("an id in protobuf and the same in JSON belong to the same thread", () => {
  fc.assert(
    fc.property(hex(16), fc.integer({ min: 2, max: 4 }), (traceId, of) => {
      const spans = [jsonSpan({ traceId })];
      expect(placesOf(order(traces(spans)), of)).toEqual([placeOfTrace(traceId, of)]);
      expect(placesOf(order(asJson(jsonTraces(spans)), { isProtobuf: false }), of)).toEqual([
        placeOfTrace(traceId, of),
      ]);
    }),
  );
});

test("with one thread at a time every share is read, and while much waits all read", async () => {
  await threads.close();
  threads = createDigestThreads({ log, script, threads: 2, atATime: 1 });
  const both = () => traces([jsonSpan({ traceId: traceAt(0) }), jsonSpan({ traceId: traceAt(1) })]);
  expect((await threads.digest(order(both()))).encoded.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
  const many = await Promise.all(Array.from({ length: 12 }, () => threads.digest(order(both()))));
  expect(many).toHaveLength(12);
  expect(threads.waitingRequests()).toBe(0);
});
