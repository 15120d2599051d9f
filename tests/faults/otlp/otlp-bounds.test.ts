import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type JsonSpan,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { JSON_TYPE, MIB, type OtlpWorld, openOtlpWorld, PROTOBUF } from "./otlp-world.ts";

let world: OtlpWorld;
beforeAll(async () => {
  world = await openOtlpWorld();
});
afterAll(() => world.stop());

const small = () => jsonSpan({ attributes: { step: "one" } });

/** A request with many spans and distinct ids, made without building each span. */
function manySpans(count: number): Buffer {
  const wrapped = tracesToProtobuf(jsonTraces([jsonSpan({ traceId: "f".repeat(32), name: "x" })], {}));
  const at = wrapped.indexOf(Buffer.from([0x0a, 0x10]));
  const span = wrapped.subarray(at);
  const spans = Buffer.alloc((span.length + 2) * count);
  for (let index = 0; index < count; index++) {
    const from = index * (span.length + 2);
    spans[from] = 0x12;
    spans[from + 1] = span.length;
    span.copy(spans, from + 2);
    spans.writeUInt32BE(index + 1, from + 2 + 20);
  }
  return nest(0x0a, nest(0x12, spans));
}
function nest(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}

test("a body of more than 64 MiB after decompression is refused with 413 in kind, however small it arrives", async () => {
  const zeros = Buffer.alloc(100 * MIB);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  const before = world.peakMib();
  for (const [encoding, body] of [
    ["gzip", gzipSync(zeros)],
    ["br", brotliCompressSync(zeros, { params })],
  ] as const) {
    const answer = await world.post(body, { headers: { "content-encoding": encoding } });
    expect([answer.status, answer.headers.get("content-type"), answer.bytes[1]]).toEqual([413, PROTOBUF, 8]);
  }
  expect(world.peakMib() - before).toBeLessThan(400);
});

test("compression that is broken or unknown is refused", async () => {
  const broken = await world.post(Buffer.from("no gzip"), { headers: { "content-encoding": "gzip" } });
  expect(broken.status).toBe(400);
  const unknown = await world.post(Buffer.from("x"), { headers: { "content-encoding": "compress" } });
  expect([unknown.status, unknown.text.includes("is not supported")]).toEqual([415, true]);
});

test("an attribute of 10 MB is stored whole with its span, which shows its beginning", async () => {
  const text = "0123456789".repeat(1_000_000);
  for (const isProtobuf of [true, false]) {
    const span = jsonSpan({ attributes: { large: text, small: "x" } });
    expect((await world.sendSpans([span], isProtobuf)).status).toBe(200);
    const [read] = await world.trace(String(span.traceId));
    expect(read?.attributes.small).toBe("x");
    const [, sha256 = ""] =
      /^0123456789.{1990}… \[treadle-object:([0-9a-f]{64})\?type=text\/plain&bytes=10000000\]$/.exec(
        String(read?.attributes.large),
      ) ?? [];
    const path = `/api/v1/traces/${span.traceId}/spans/${span.spanId}/objects/${sha256}`;
    const whole = await world.get(path);
    expect([whole.status, whole.headers.get("content-disposition")]).toEqual([200, "attachment"]);
    expect((await whole.text()) === text).toBe(true);
  }
});

test("an object is returned only with a span that names it", async () => {
  const text = "abcdefgh".repeat(100_000);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const [named, other] = [jsonSpan({ attributes: { large: text } }), jsonSpan()];
  await world.sendSpans([named, other]);
  await world.trace(String(named.traceId));
  await world.trace(String(other.traceId));
  const statusOf = async ({ traceId, spanId }: JsonSpan) =>
    (await world.get(`/api/v1/traces/${traceId}/spans/${spanId}/objects/${sha256}`)).status;
  expect([await statusOf(named), await statusOf(other)]).toEqual([200, 404]);
});

test("of a trace of a million spans in one request the first are stored, the others counted, and reads are bounded", async () => {
  const before = world.peakMib();
  const answer = await world.post(manySpans(1_000_000));
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("900000 spans were rejected: 900000 because a request may have at most 100000 items");
  await expect
    .poll(async () => (await world.call("GET /api/v1/system")).spool.pendingRows, { timeout: 60_000 })
    .toBe(0);
  expect(world.peakMib() - before).toBeLessThan(800);
  const params = { traceId: "f".repeat(32) };
  const stored = world.peakMib();
  const [outline, whole] = await Promise.all([
    world.call("GET /api/v1/traces/:traceId/outline", { params }),
    world.call("GET /api/v1/traces/:traceId", { params }),
  ]);
  expect([outline.columns.spanId.length, outline.isCut]).toEqual([50_000, true]);
  expect([whole.spans.length, whole.isCut]).toEqual([5_000, true]);
  const { items } = await world.call("GET /api/v1/traces", { query: { limit: 200 } });
  expect(items.find(({ traceId }) => traceId === params.traceId)?.spanCount).toBe(100_000);
  expect(world.peakMib() - stored).toBeLessThan(300);
}, 120_000);

test("values nested without end are cut off in protobuf and refused in JSON", async () => {
  let value: object = { stringValue: "bottom" };
  for (let depth = 0; depth < 30; depth++) value = { arrayValue: { values: [value] } };
  const span = small();
  const attributes = [
    { key: "deep", value },
    { key: "flat", value: { stringValue: "x" } },
  ];
  expect((await world.post(jsonTraces([{ ...span, attributes }]), { type: JSON_TYPE })).status).toBe(400);
  expect((await world.post(tracesToProtobuf(jsonTraces([{ ...span, attributes }])))).status).toBe(200);
  const [read] = await world.trace(String(span.traceId));
  expect(read?.attributes.flat).toBe("x");
  let bytes: Buffer = Buffer.from([0x0a, 0x01, 0x61]);
  for (let depth = 0; depth < 50_000; depth++) bytes = depth % 2_000 === 0 ? nest(0x2a, nest(0x0a, bytes)) : bytes;
  expect((await world.post(nest(0x0a, nest(0x12, nest(0x12, nest(0x4a, nest(0x12, bytes))))))).status).toBe(200);
});

test("JSON of nothing but empty objects is refused before it takes the memory that it would", async () => {
  const bomb = Buffer.from(`{"resourceSpans":[${"{},".repeat(8_000_000)}{}]}`);
  const answer = await world.post(bomb, { type: JSON_TYPE });
  expect([answer.status, JSON.parse(answer.text).message]).toEqual([400, expect.stringContaining("values")]);
});

test.each([
  ["events", 0x5a],
  ["attributes", 0x4a],
  ["links", 0x6a],
])("millions of empty %s in a span are refused before they take the memory that they would", async (_, tag) => {
  const empty = Buffer.alloc(2 * 8_000_000);
  for (let at = 0; at < empty.length; at += 2) empty[at] = tag;
  const answer = await world.post(nest(0x0a, nest(0x12, nest(0x12, empty))));
  expect([answer.status, answer.text.includes("more values")]).toEqual([413, true]);
});

test("a text of millions of empty objects stays a text", async () => {
  const span = jsonSpan({
    attributes: { "gen_ai.operation.name": "chat", "gen_ai.input.messages": `[${"{},".repeat(3e6)}{}]` },
  });
  expect((await world.sendSpans([span])).status).toBe(200);
  const [read] = await world.trace(String(span.traceId));
  expect(JSON.stringify(read)).toContain("treadle-object:");
});

test("a long conversation is shown by its beginning and its end, and all of it is stored with the span", async () => {
  const messages = Array.from({ length: 20_000 }, (_, index) => ({
    role: "user",
    content: `${index} ${"x".repeat(500)}`,
  }));
  const attributes = { "gen_ai.operation.name": "chat", "gen_ai.input.messages": JSON.stringify(messages) };
  const span = jsonSpan({ attributes });
  expect((await world.sendSpans([span])).text).toBe("");
  const [read] = await world.trace(String(span.traceId));
  const shown = read?.input as { parts: { content: string }[] }[];
  expect([shown[0]?.parts[0]?.content.slice(0, 2), shown.at(-1)?.parts[0]?.content.slice(0, 6)]).toEqual([
    "0 ",
    "19999 ",
  ]);
  expect(JSON.stringify(read).length).toBeLessThan(100_000);
  const sha256 = /treadle-object:(\w+)\?type=application\/json/.exec(
    String(read?.attributes["treadle.input.whole"]),
  )?.[1];
  const whole = await world.get(`/api/v1/traces/${span.traceId}/spans/${span.spanId}/objects/${sha256}`);
  expect(await whole.json()).toHaveLength(20_000);
});

test("numbers in keys make no lists, and cost neither memory nor time", async () => {
  const before = world.peakMib();
  const families = [
    "gen_ai.prompt.N.content",
    "llm.input_messages.N.message.content",
    "retrieval.documents.N.document.id",
  ];
  const attributes = Object.fromEntries(
    families.flatMap((name) =>
      ["50000000", "4294967295", "99999999999999999999", "-1"].map((place) => [name.replace("N", place), "far away"]),
    ),
  );
  for (const kind of [{ "llm.request.type": "chat" }, { "openinference.span.kind": "LLM" }]) {
    const span = jsonSpan({ attributes: { ...attributes, ...kind } });
    expect((await world.sendSpans([span])).text).toBe("");
    const [read] = await world.trace(String(span.traceId));
    expect(read?.attributes).toMatchObject(attributes);
    expect(read?.input).toBeNull();
  }
  expect(world.peakMib() - before).toBeLessThan(100);
});

test("thousands of attributes, events, links and long keys are cut to what can be read back", async () => {
  const attributes = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key.${index}`, index]));
  const span = jsonSpan({
    attributes: { ...attributes, ["k".repeat(5_000)]: 1 },
    name: "n".repeat(5_000),
    events: Array.from({ length: 1_000 }, (_, index) => ({ name: `event ${index}` })),
    links: Array.from({ length: 1_000 }, () => ({ traceId: "a".repeat(32), spanId: "b".repeat(16) })),
    status: { code: 2, message: "m".repeat(100_000) },
  });
  expect((await world.sendSpans([span])).status).toBe(200);
  const [read] = await world.trace(String(span.traceId));
  expect(read).toMatchObject({ status: "error", name: "n".repeat(300) });
  expect(Object.keys(read?.attributes ?? {}).length).toBeLessThan(1_100);
  const notes = JSON.stringify(read?.attributes["treadle.notes"]);
  expect(notes).toContain("of its attributes exceed the limit");
  expect(notes).toContain("its last 872 events and 872 links");
});

test("many large concurrent requests are stored or asked to retry, and memory stays within bounds", async () => {
  const before = world.peakMib();
  const text = "lorem ipsum ".repeat(1_000);
  const body = tracesToProtobuf(jsonTraces(Array.from({ length: 1_500 }, () => jsonSpan({ attributes: { text } }))));
  const answers = await Promise.all(Array.from({ length: 24 }, () => world.post(body)));
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  for (const answer of answers) if (answer.status === 503) expect(answer.headers.get("retry-after")).toBe("1");
  expect(world.peakMib() - before).toBeLessThan(2_000);
}, 60_000);

test("after all this the server still takes a span at once", async () => {
  const span = small();
  expect((await world.sendSpans([span])).text).toBe("");
  expect(await world.trace(String(span.traceId))).toHaveLength(1);
  expect(await world.metric("treadle_otlp_thread_restarts")).toBe(0);
});
