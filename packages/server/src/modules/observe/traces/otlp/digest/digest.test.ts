import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS } from "../../../../../kernel/day.ts";
import { wholeRow } from "../../testing/whole-row.ts";
import { parseRequest, visitLogs, visitSpans } from "../decode/decode-json.ts";
import { decodeLogs, decodeTraces } from "../decode/decode-protobuf.ts";
import type { ReceivedLog } from "../decode/received.ts";
import { attributesOf, jsonLogs, jsonSpan, jsonTraces } from "../testing/otlp-json.ts";
import { logsToProtobuf, tracesToProtobuf } from "../testing/to-protobuf.ts";
import type { Order } from "./decode-request.ts";
import { digest as digestShare } from "./digest.ts";
import { createMemory } from "./memory.ts";
import { mergeDigests } from "./merge-digests.ts";

const NOW = Date.now();
/** A request that is read as a whole. */
const digest = (given: Order, memory = createMemory()) => {
  const { marks, ...read } = digestShare(given, memory);
  return mergeDigests([{ ...read, marks }], [marks]);
};
const asJson = (request: object) => Buffer.from(JSON.stringify(request));
const order = (bytes: Buffer, more: Partial<Order> = {}): Order => ({
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
const rowsOf = (given: Order) =>
  digest(given).encoded.flatMap(({ table, lines }) =>
    Buffer.from(lines)
      .toString()
      .split("\n")
      .map((line) => ({ table, row: table === "spans" ? wholeRow(JSON.parse(line)) : JSON.parse(line) })),
  );

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.record({ stringValue: fc.string({ unit: "grapheme" }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String) }),
    fc.record({ doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0) }),
    fc.record({ bytesValue: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("any"), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie("pair"), { maxLength: 3 }) }) }),
  ),
  pair: fc.record({ key: fc.string({ minLength: 1, unit: "grapheme" }), value: tie("any") }),
})).pair;

test("a request says the same in protobuf and in JSON, whatever its attributes", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (pairs) => {
      const attributes = pairs as Parameters<typeof jsonTraces>[0][number]["attributes"];
      const request = jsonTraces([
        {
          ...jsonSpan({
            parentSpanId: "00f067aa0ba902b7",
            status: { code: 2, message: "broke ☂" },
            events: [{ name: "exception", timeUnixNano: "1790000000000000001", attributes }],
            links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), attributes }],
          }),
          attributes,
        },
      ]);
      const [fromProtobuf, fromJson]: unknown[][] = [[], []];
      decodeTraces(tracesToProtobuf(request), (span) => fromProtobuf?.push(span));
      visitSpans(parseRequest(asJson(request)), (span) => fromJson?.push(span));
      expect(fromProtobuf).toHaveLength(1);
      expect(fromProtobuf).toEqual(fromJson);
    }),
  );
});

test("log records say the same in protobuf and in JSON, with the event's name in either of its places", () => {
  const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16), timeUnixNano: "1790000000000000000" };
  const body = { kvlistValue: { values: attributesOf({ content: "hi", tool_calls: [{ id: "1" }] }) } };
  const request = jsonLogs([
    { ...ids, eventName: "gen_ai.choice", body },
    { ...ids, attributes: attributesOf({ "event.name": "gen_ai.user.message" }), body },
  ]);
  const fromProtobuf: ReceivedLog[] = [];
  const fromJson: ReceivedLog[] = [];
  decodeLogs(logsToProtobuf(request), (log) => fromProtobuf.push(log));
  visitLogs(parseRequest(asJson(request)), (log) => fromJson.push(log));
  expect(fromProtobuf).toEqual(fromJson);
  expect(fromJson.map(({ event }) => event)).toEqual(["gen_ai.choice", "gen_ai.user.message"]);
});

test("JSON may use protobuf's names, numbers as numbers, and unknown fields", () => {
  const request = {
    resource_spans: [
      {
        scope_spans: [
          {
            spans: [
              {
                trace_id: "A".repeat(32),
                span_id: "b".repeat(16),
                name: "x",
                start_time_unix_nano: NOW * 1e6,
                end_time_unix_nano: String(BigInt(NOW) * 1_000_000n + 5_000_000n),
                attributes: [
                  { key: "n", value: { int_value: 7 } },
                  { key: "later", value: { fancyValue: {} } },
                ],
                status: { code: "STATUS_CODE_ERROR" },
                somethingNew: [{}],
              },
            ],
          },
        ],
      },
    ],
  };
  const [first] = rowsOf(order(asJson(request), { isProtobuf: false }));
  expect(first?.row).toMatchObject({
    trace_id: "a".repeat(32),
    duration_ms: 5,
    status: "error",
    attributes: { n: "7" },
  });
});

test("times have a precision of microseconds", () => {
  const request = jsonTraces([
    { ...jsonSpan(), startTimeUnixNano: `${NOW}123456`, endTimeUnixNano: `${NOW + 1}123999` },
  ]);
  const [first] = rowsOf(order(tracesToProtobuf(request)));
  expect(first?.row.start_time).toBe(NOW * 1_000 + 123);
  expect(first?.row.duration_ms).toBe(1);
});

test("a span without a usable id or time is rejected with the reason, and the others are stored", () => {
  const spans = [
    jsonSpan(),
    jsonSpan({ traceId: "" }),
    jsonSpan({ traceId: "0".repeat(32) }),
    jsonSpan({ spanId: "abcd" }),
    jsonSpan({ startMs: NOW + 3 * DAY_MS }),
    jsonSpan({ startMs: 0, startTimeUnixNano: "0", endTimeUnixNano: "0" }),
  ];
  for (const isProtobuf of [true, false]) {
    const request = jsonTraces(spans);
    const result = digest(order(isProtobuf ? tracesToProtobuf(request) : asJson(request), { isProtobuf }));
    expect(result).toMatchObject({ received: 6, rejected: 5 });
    expect(result.message).toContain("5 spans were rejected: 2 because its trace id must have 16 bytes");
    expect(result.encoded.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
  }
});

test("a span with half a surrogate pair is rejected with its place, and the others are stored", () => {
  const spans = [
    jsonSpan({ attributes: { "gen_ai.prompt": "cut emoji \ud83d" } }),
    jsonSpan({ name: "whole \u{1f600}" }),
    jsonSpan({ name: "\udc00" }),
  ];
  const result = digest(order(Buffer.from(JSON.stringify(jsonTraces(spans))), { isProtobuf: false }));
  expect(result).toMatchObject({ received: 3, rejected: 2 });
  expect(result.message).toContain("its attributes[0].value.stringValue contains half of a surrogate pair");
  expect(result.message).toContain("its name contains half of a surrogate pair");
  expect(result.encoded.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
});

test("a log record with half a surrogate pair is rejected, and with one in its resource every record under it", () => {
  const record = { traceId: "a".repeat(32), spanId: "b".repeat(16), eventName: "gen_ai.choice" };
  const logs = (body: string, resource: string) => ({
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: resource } }] },
        scopeLogs: [{ logRecords: [{ ...record, body: { stringValue: body } }] }],
      },
    ],
  });
  const messageOf = (request: object) =>
    digest(order(Buffer.from(JSON.stringify(request)), { signal: "logs", isProtobuf: false }));
  expect(messageOf(logs("cut \ud83d", "shop"))).toMatchObject({
    rejected: 1,
    message: expect.stringContaining("its body.stringValue contains half of a surrogate pair"),
  });
  expect(messageOf(logs("whole", "shop \ud83d"))).toMatchObject({
    rejected: 1,
    message: expect.stringContaining("its resource.attributes[0].value.stringValue contains half"),
  });
  expect(messageOf(logs("whole", "shop"))).toMatchObject({ rejected: 0 });
});

test("repairable problems are repaired, and the span has a note", () => {
  const own = "b".repeat(16);
  const rows = rowsOf(
    order(
      tracesToProtobuf(
        jsonTraces([
          jsonSpan({ name: "backwards", startMs: NOW, ms: -250 }),
          jsonSpan({ name: "unended", endTimeUnixNano: "0" }),
          jsonSpan({ name: "endless", endTimeUnixNano: "18446744073709551615" }),
          jsonSpan({ name: "own parent", spanId: own, parentSpanId: own }),
          jsonSpan({ name: "odd parent", parentSpanId: "ab" }),
        ]),
      ),
    ),
  );
  const notes = rows.map(({ row }) => [row.name, row.duration_ms, row.parent_span_id, row.attributes["treadle.notes"]]);
  expect(notes).toEqual([
    ["backwards", 0, "", expect.stringContaining("250 ms before it started")],
    ["unended", 0, "", expect.stringContaining("no end time")],
    ["endless", expect.any(Number), "", expect.stringContaining("in the future")],
    ["own parent", 100, "", expect.stringContaining("itself as its parent")],
    ["odd parent", 100, "", expect.stringContaining("does not have 8 bytes")],
  ]);
});

test("a duplicate span in a request is stored once, and nothing is rejected", () => {
  const span = jsonSpan();
  const result = digest(order(tracesToProtobuf(jsonTraces([span, span, jsonSpan()]))));
  expect(result).toMatchObject({ received: 3, rejected: 0, message: "" });
  expect(result.encoded[0]?.rows).toBe(2);
});

test("GenAI events become content of their span, evaluations its scores, and other records are dropped with a message", () => {
  const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16), timeUnixNano: `${NOW}000000` };
  const evaluation = attributesOf({
    "gen_ai.evaluation.name": "helpful",
    "gen_ai.evaluation.score.value": 0.75,
    "gen_ai.evaluation.explanation": "it was",
  });
  const request = jsonLogs([
    { ...ids, eventName: "gen_ai.user.message", body: { kvlistValue: { values: attributesOf({ content: "hi" }) } } },
    { ...ids, eventName: "gen_ai.evaluation.result", attributes: evaluation },
    { ...ids, body: { stringValue: "a line of a log" } },
    { eventName: "gen_ai.choice", body: { stringValue: "of no span" } },
  ]);
  const given = order(logsToProtobuf(request), { signal: "logs" });
  expect(rowsOf(given)).toEqual([
    {
      table: "span_contents",
      row: expect.objectContaining({ span_id: ids.spanId, name: "gen_ai.user.message", body: '{"content":"hi"}' }),
    },
    {
      table: "scores",
      row: expect.objectContaining({ name: "helpful", value: 0.75, comment: "it was", source: "otel" }),
    },
  ]);
  expect(digest(given)).toMatchObject({ received: 4, rejected: 0 });
  expect(digest(given).message).toMatch(/^2 log records were accepted but not stored/);
});

test("only the first spans up to the limit are stored, and the others are counted without being read", () => {
  const spans = Array.from({ length: 100_002 }, () => ({}));
  for (const isProtobuf of [true, false]) {
    const request = jsonTraces(spans);
    const result = digest(order(isProtobuf ? tracesToProtobuf(request) : asJson(request), { isProtobuf }));
    expect(result).toMatchObject({ received: 100_002, rejected: 100_002 });
    expect(result.message).toContain(
      "2 because a request may have at most 100000 items; configure the sender to export smaller",
    );
  }
});

test("OpenTelemetry's fields of every span are stored: kind, trace state, scope, dropped counts", () => {
  const given = {
    kind: 3,
    traceState: "vendor=1",
    droppedAttributesCount: 2,
    droppedLinksCount: 1,
    links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), traceState: "other=2" }],
  };
  const one = jsonTraces([jsonSpan(given)], { "service.name": "", host: "a" });
  const scope = { name: "by-hand", version: "1.0", attributes: attributesOf({ "team.name": "search" }) };
  const request = {
    resourceSpans: one.resourceSpans.map((group) => ({
      ...group,
      scopeSpans: group.scopeSpans.map((scoped) => ({ ...scoped, scope })),
    })),
  };
  const named = asJson(request).toString().replace('"kind":3', '"kind":"SPAN_KIND_CLIENT"');
  for (const given of [
    order(tracesToProtobuf(request)),
    order(asJson(request), { isProtobuf: false }),
    order(Buffer.from(named), { isProtobuf: false }),
  ]) {
    const [first] = rowsOf(given);
    expect(first?.row).toMatchObject({ service: "", scope_name: "by-hand" });
    expect(first?.row.attributes).toEqual({
      "otel.span_kind": "client",
      "otel.trace_state": "vendor=1",
      "otel.scope.version": '"1.0"',
      "scope.team.name": "search",
      "resource.host": "a",
      "treadle.notes": '["Its sender dropped 2 attributes and 1 link."]',
    });
    expect(first?.row.links[0].attributes).toEqual({ "otel.trace_state": "other=2" });
  }
});

test("ids in base64 are distinguished from ids in hexadecimal", () => {
  const base64 = { traceId: Buffer.alloc(16, 7).toString("base64"), spanId: Buffer.alloc(8, 7).toString("base64") };
  const result = digest(order(asJson(jsonTraces([jsonSpan(base64)])), { isProtobuf: false }));
  expect(result.message).toContain("in JSON write it in hexadecimal, not in base64");
});

test("spans sent before are stored once, unless they were not stored or not fully read", () => {
  const memory = createMemory();
  const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
  const span = jsonSpan(ids);
  const log = jsonLogs([
    { ...ids, timeUnixNano: `${NOW}000000`, eventName: "gen_ai.choice", body: { stringValue: "x" } },
  ]);
  const traces = (more = {}) => digest(order(tracesToProtobuf(jsonTraces([span, jsonSpan()])), more), memory);
  const logs = () => digest(order(logsToProtobuf(log), { signal: "logs" }), memory);
  const rows = ({ encoded }: ReturnType<typeof digest>) => encoded.reduce((sum, part) => sum + part.rows, 0);
  expect(() => digest(order(tracesToProtobuf(jsonTraces([span])).subarray(0, -1)), memory)).toThrow();
  const first = traces();
  expect([rows(first), first.repeated]).toEqual([2, 0]);
  const second = traces();
  expect([rows(second), second.repeated, second.received, second.message]).toEqual([1, 1, 2, ""]);
  expect(rows(traces({ projectId: "proj_2" }))).toBe(2);
  memory.seen.forget(first.marks[0] ?? new Uint32Array());
  expect(rows(traces())).toBe(2);
  expect([rows(logs()), rows(logs()), logs().repeated]).toEqual([1, 0, 1]);
});

test("invalid protobuf is distinguished from truncated protobuf", () => {
  const whole = tracesToProtobuf(jsonTraces([jsonSpan({ attributes: { a: "text", b: [1, 2.5, true] } })]));
  for (let length = 1; length < whole.length; length++)
    expect(() => digest(order(whole.subarray(0, length)))).toThrow(/not a valid OTLP message/);
  expect(() => digest(order(Buffer.from("hello")))).toThrow(/not a valid OTLP message/);
});

test("a call that says no cost is priced: by the project's own price first, then by the kept table; a given cost stays", () => {
  const call = (more: Record<string, string | number>) => ({
    ...jsonSpan({}),
    attributes: attributesOf({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 1_000_000,
      "gen_ai.usage.output_tokens": 0,
      ...more,
    }),
  });
  const costOf = (span: ReturnType<typeof call>, prices: Order["prices"] = []) =>
    rowsOf(order(tracesToProtobuf(jsonTraces([span])), { prices }))[0]?.row.cost_usd;
  const own = {
    priceId: "price_1",
    provider: "*",
    model: "gpt-*",
    inputUsdPerMillion: 77,
    outputUsdPerMillion: 0,
    cachedInputUsdPerMillion: null,
    cacheWriteUsdPerMillion: null,
    reasoningUsdPerMillion: null,
  };
  expect(costOf(call({}))).toBeGreaterThan(0);
  expect(costOf(call({}), [own])).toBe(77);
  expect(costOf(call({ "gen_ai.usage.cost": 5 }), [own])).toBe(5);
  expect(costOf(call({ "gen_ai.provider.name": "nobody", "gen_ai.request.model": "unheard-of" }))).toBeNull();
  expect(costOf(call({ "gen_ai.provider.name": "strands-agents" }))).toBe(costOf(call({})));
  expect(costOf(call({ "gen_ai.provider.name": "ollama" }))).toBeNull();
  expect(costOf(call({ "gen_ai.operation.name": "execute_tool" }), [own])).toBeNull();
});

test("breaths are taken after each span and each record, in either encoding", () => {
  const spans = jsonTraces([jsonSpan(), jsonSpan(), jsonSpan()]);
  const logs = jsonLogs([{ eventName: "a" }, { eventName: "b" }]);
  const breathsOf = (given: Order) => {
    let takenBytes = 0;
    digestShare(given, createMemory(), { take: () => void takenBytes++ });
    return takenBytes;
  };
  expect([
    breathsOf(order(tracesToProtobuf(spans))),
    breathsOf(order(asJson(spans), { isProtobuf: false })),
    breathsOf(order(logsToProtobuf(logs), { signal: "logs" })),
    breathsOf(order(asJson(logs), { signal: "logs", isProtobuf: false })),
  ]).toEqual([3, 3, 2, 2]);
});
