import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  attributesOf,
  jsonLogs,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import {
  logsToProtobuf,
  tracesToProtobuf,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { JSON_TYPE, type OtlpWorld, openOtlpWorld, PROTOBUF } from "./otlp-world.ts";

let world: OtlpWorld;
beforeAll(async () => {
  world = await openOtlpWorld();
});
afterAll(() => world.stop());

const PATHS = ["", "/otlp", "/api/public/otel", "/otel"];
const hex = (digit: string, digits: number) => digit.repeat(digits);

test.each(PATHS)("%s/v1/traces, logs and metrics take both formats, and answer each in kind", async (prefix) => {
  for (const signal of ["traces", "logs", "metrics"]) {
    const path = `${prefix}/v1/${signal}`;
    const protobuf = await world.post(Buffer.alloc(0), { path });
    expect([protobuf.status, protobuf.headers.get("content-type"), protobuf.text]).toEqual([200, PROTOBUF, ""]);
    const json = await world.post("{}", { path, type: JSON_TYPE });
    expect([json.status, json.headers.get("content-type"), json.text]).toEqual([200, JSON_TYPE, "{}"]);
  }
});

test("a key may come as a bearer, as x-api-key, and as the password of Langfuse's Basic credentials", async () => {
  const body = tracesToProtobuf(jsonTraces([jsonSpan()]));
  const basic = `Basic ${Buffer.from(`pk-lf-public:${world.apiKey}`).toString("base64")}`;
  expect((await world.post(body, { headers: { authorization: basic } })).status).toBe(200);
  expect((await world.post(body, { headers: { authorization: "", "x-api-key": world.apiKey } })).status).toBe(200);
  const refused = await world.post(body, { headers: { authorization: "Bearer tr_wrong_wrong_wrong_wrong" } });
  expect([refused.status, refused.headers.get("content-type"), refused.bytes[1]]).toEqual([401, PROTOBUF, 16]);
  expect(refused.text).toContain("API key");
});

test("the project that a sender names must be the one of its key", async () => {
  const { items } = await world.call("GET /api/v1/projects");
  const body = tracesToProtobuf(jsonTraces([jsonSpan()]));
  const own = await world.post(body, { headers: { "x-treadle-project": items[0]?.projectId } });
  expect(own.status).toBe(200);
  const other = await world.post(body, { headers: { "x-treadle-project": "proj_of_others" } });
  expect([other.status, other.headers.get("content-type"), other.bytes[1]]).toEqual([404, PROTOBUF, 5]);
  expect(other.text).toContain("x-treadle-project");
});

test("a batch that is sent again, in part or with others, is stored once and counted once", async () => {
  const traceId = hex("9", 32);
  const [first, second, third] = [jsonSpan({ traceId }), jsonSpan({ traceId }), jsonSpan({ traceId })];
  const repeated = () => world.metric('treadle_otlp_repeated_total{signal="traces"}');
  const before = await repeated();
  const batches = [
    [first, second],
    [first, second],
    [second, third],
  ];
  const answers = await Promise.all(batches.map((spans) => world.sendSpans(spans)));
  expect(answers.map(({ status, text }) => [status, text])).toEqual(batches.map(() => [200, ""]));
  expect((await world.sendSpans([third])).status).toBe(200);
  expect(await repeated()).toBe(before + 4);
  expect(await world.trace(traceId, 3)).toHaveLength(3);
  const sql = `SELECT count() FROM spans WHERE trace_id = '${traceId}'`;
  expect((await world.call("POST /api/v1/sql", { body: { sql } })).rows).toEqual([[3]]);
});

test("compressed bodies are taken", async () => {
  const span = jsonSpan();
  const body = gzipSync(tracesToProtobuf(jsonTraces([span])));
  expect((await world.post(body, { headers: { "content-encoding": "gzip" } })).status).toBe(200);
  expect(await world.trace(String(span.traceId))).toHaveLength(1);
});

test("a content type that is not OTLP's is refused with 415, and what cannot be decoded with 400, as google.rpc.Status", async () => {
  const odd = await world.post("hello", { type: "text/plain" });
  expect([odd.status, JSON.parse(odd.text)]).toEqual([
    415,
    { code: 3, message: expect.stringContaining("x-protobuf") },
  ]);
  const broken = await world.post(Buffer.from("hello"));
  expect([broken.status, broken.headers.get("content-type")]).toEqual([400, PROTOBUF]);
  expect(broken.text).toContain("not a valid OTLP message");
  const half = await world.post('{"resourceSpans":[', { type: JSON_TYPE });
  expect([half.status, JSON.parse(half.text)]).toEqual([
    400,
    { code: 3, message: expect.stringContaining("not valid JSON") },
  ]);
});

test("protobuf stays a matter of OTLP: other endpoints refuse it", async () => {
  expect((await world.post(Buffer.alloc(3), { path: "/api/v1/spans" })).status).toBe(415);
});

test("metrics are rejected with the number of points and the reason", async () => {
  const metrics = {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "m", sum: { dataPoints: [{}, {}] } }] }] }],
  };
  const answer = await world.post(metrics, { path: "/v1/metrics", type: JSON_TYPE });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({
    partialSuccess: { rejectedDataPoints: "2", errorMessage: expect.stringContaining("not metrics") },
  });
});

test("a request of valid and invalid spans stores the valid ones and counts the others, in both formats", async () => {
  for (const isProtobuf of [true, false]) {
    const good = jsonSpan();
    const answer = await world.sendSpans([good, jsonSpan({ traceId: "" }), jsonSpan({ startMs: 1 })], isProtobuf);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("2 spans were rejected: 1 because its trace id");
    if (!isProtobuf) expect(JSON.parse(answer.text).partialSuccess.rejectedSpans).toBe("2");
    expect(await world.trace(String(good.traceId))).toHaveLength(1);
  }
});

test("negative durations, twins, spans that are their own parents and circles of parents can be read back", async () => {
  const traceId = hex("c", 32);
  const [a, b] = [hex("a", 16), hex("b", 16)];
  const answer = await world.sendSpans([
    jsonSpan({ traceId, spanId: a, parentSpanId: b, name: "a" }),
    jsonSpan({ traceId, spanId: b, parentSpanId: a, name: "b", ms: -5_000 }),
    jsonSpan({ traceId, spanId: b, parentSpanId: a, name: "b again" }),
    jsonSpan({ traceId, spanId: hex("d", 16), parentSpanId: hex("d", 16), name: "own" }),
  ]);
  expect([answer.status, answer.text]).toEqual([200, ""]);
  const spans = await world.trace(traceId, 3);
  expect(spans.map(({ name, durationMs, parentSpanId }) => [name, durationMs, parentSpanId]).sort()).toEqual([
    ["a", 100, b],
    ["b", 0, a],
    ["own", 100, ""],
  ]);
});

test("clocks that differ change neither the order of spans nor whether they can be read", async () => {
  const traceId = hex("7", 32);
  const HOUR = 3_600_000;
  const [root, child] = [hex("a", 16), hex("b", 16)];
  const answer = await world.sendSpans([
    jsonSpan({ traceId, spanId: root, name: "root" }),
    jsonSpan({ traceId, spanId: child, parentSpanId: root, name: "an hour early", startMs: Date.now() - HOUR }),
    jsonSpan({ traceId, parentSpanId: root, name: "nearly a day ahead", startMs: Date.now() + 23 * HOUR }),
    jsonSpan({ traceId, parentSpanId: root, name: "two days ahead", startMs: Date.now() + 48 * HOUR }),
    jsonSpan({ traceId, parentSpanId: root, name: "of 1999", startMs: Date.parse("1999-12-31") }),
  ]);
  expect([answer.status, answer.text]).toEqual([
    200,
    expect.stringContaining("2 spans were rejected: 2 because its start time"),
  ]);
  const spans = await world.trace(traceId, 3);
  expect(spans.map(({ name }) => name)).toEqual(["an hour early", "root", "nearly a day ahead"]);
  const outline = await world.call("GET /api/v1/traces/:traceId/outline", { params: { traceId } });
  expect(outline.columns.startMs[0]).toBe(0);
  expect(Math.min(...outline.columns.durationMs)).toBeGreaterThanOrEqual(0);
});

test.each([
  ["written from right to left", "\u202eabc\u2066\u202c"],
  ["without width", "a\u200b\u200d\ufeffb"],
  ["of tags", "\u{e0041}\u{e007f}"],
  ["of one line of ten megabytes", "x".repeat(10_000_000)],
  ["of control characters", "\u0000\u0007\u001b[31m\u0085\u2028"],
])("text %s is stored unchanged, in any of its places", async (_, text) => {
  const short = text.slice(0, 100);
  for (const isProtobuf of [true, false]) {
    const span = jsonSpan({
      name: short,
      attributes: { "user.id": short, [`key ${short}`]: text, "treadle.metadata.note": short, "treadle.tags": [short] },
      events: [{ name: short, attributes: attributesOf({ text: short }) }],
      status: { code: 2, message: short },
    });
    expect((await world.sendSpans([span], isProtobuf)).status).toBe(200);
    const [read] = await world.trace(String(span.traceId));
    expect(read).toMatchObject({ name: short, userId: short, errorMessage: short, metadata: { note: short } });
    expect(read?.events[0]).toMatchObject({ name: short, attributes: { text: short } });
    expect(String(read?.attributes[`key ${short}`]).startsWith(text.slice(0, 1_000))).toBe(true);
  }
});

test("keys that name a part of every object are stored as they are spelled, and change nothing", async () => {
  const attributes = [
    ...attributesOf({ "constructor.prototype.x": 1, "gen_ai.prompt.50000000.content": "far away" }),
    { key: "__proto__", value: { kvlistValue: { values: attributesOf({ isAdmin: true }) } } },
    { key: "__proto__.isAdmin", value: { boolValue: true } },
  ];
  const span = { ...jsonSpan(), attributes };
  for (const isProtobuf of [true, false]) expect((await world.sendSpans([span], isProtobuf)).status).toBe(200);
  const [read] = await world.trace(String(span.traceId));
  expect(Object.keys(read?.attributes ?? {})).toEqual(
    expect.arrayContaining(["__proto__.isAdmin", "constructor.prototype.x", "gen_ai.prompt.50000000.content"]),
  );
  expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
});

test("bytes that are no UTF-8 and U+0000 come back as text, and half a surrogate pair is rejected with its place", async () => {
  const span = jsonSpan({ attributes: { broken: "X".repeat(4), zero: "a\u0000b" } });
  const body = tracesToProtobuf(jsonTraces([span]));
  const at = body.indexOf("XXXX");
  Buffer.from([0xff, 0xfe, 0xc3, 0x28]).copy(body, at);
  expect((await world.post(body)).status).toBe(200);
  const lone = jsonSpan({ name: "half \ud800 of one", attributes: { lone: "\udfff" } });
  const answer = await world.sendSpans([lone], false);
  expect([answer.status, answer.text]).toEqual([
    200,
    expect.stringContaining("its name contains half of a surrogate pair"),
  ]);
  const [first] = await world.trace(String(span.traceId));
  expect(first?.attributes).toMatchObject({ broken: "\ufffd\ufffd\ufffd(", zero: "a\u0000b" });
});

test("wrong types in JSON are read as if they were not there", async () => {
  const odd = [17, null, "text", { traceId: 5 }, { spans: {} }, [[]]];
  const bodies = [
    ...odd.map((resourceSpans) => ({ resourceSpans })),
    ...odd.map((scopeSpans) => ({ resourceSpans: [{ resource: odd, scopeSpans }] })),
    ...odd.map((spans) => ({ resourceSpans: [{ scopeSpans: [{ scope: 3, spans }] }] })),
    ...odd.map((attributes) => jsonTraces([{ ...jsonSpan(), attributes } as never])),
    ...odd.map((events) => jsonTraces([{ ...jsonSpan(), events, links: events, status: events } as never])),
    ...odd.map((value) => jsonTraces([{ ...jsonSpan(), attributes: [{ key: "a", value }] } as never])),
  ];
  for (const body of bodies) expect((await world.post(body, { type: JSON_TYPE })).status).toBe(200);
});

test("log records that are not GenAI events are accepted, and the sender learns that they are not stored", async () => {
  const body = logsToProtobuf(jsonLogs([{ body: { stringValue: "a line" } }]));
  const answer = await world.post(body, { path: "/v1/logs" });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("accepted but not stored")]);
});

test("incoming spans are counted", async () => {
  expect(await world.metric('treadle_otlp_received_total{signal="traces"}')).toBeGreaterThan(10);
  expect(await world.metric('treadle_otlp_rejected_total{signal="metrics"}')).toBe(2);
  expect(await world.metric("treadle_otlp_queue_requests")).toBe(0);
  expect(await world.metric("treadle_otlp_thread_restarts")).toBe(0);
});
