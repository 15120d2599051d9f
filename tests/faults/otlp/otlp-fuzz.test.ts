import fc from "fast-check";
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

const RUNS = 400;
let world: OtlpWorld;
beforeAll(async () => {
  world = await openOtlpWorld();
});
afterAll(() => world.stop());

const chat = () =>
  jsonSpan({
    name: "chat gpt-4o",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "hi" }] }]),
      "llm.input_messages.0.message.role": "user",
      "openinference.span.kind": "LLM",
      list: [1, "two", { three: [true] }],
    },
    events: [{ name: "exception", attributes: attributesOf({ "exception.type": "E" }) }],
    links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16) }],
    status: { code: 2, message: "broke" },
  });
const traces = jsonTraces([chat(), chat()]);
const logs = jsonLogs([
  {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    eventName: "gen_ai.choice",
    body: { kvlistValue: { values: attributesOf({ index: 0, message: { content: "hi" } }) } },
  },
]);

/** Bytes that are changed, removed, duplicated or inserted anywhere. */
const mutation = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.nat(3),
    bytes: fc.uint8Array({ maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);
function mutate(body: Buffer, changes: readonly { at: number; kind: number; bytes: Uint8Array }[]): Buffer {
  return changes.reduce((bytes, { at, kind, bytes: more }) => {
    const place = Math.floor(at * bytes.length);
    if (kind === 0) return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
    if (kind === 1) return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + more.length)]);
    if (kind === 2) return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place + more.length)]);
    return Buffer.concat([bytes, bytes.subarray(0, place)]);
  }, body);
}

const json = (value: object) => Buffer.from(JSON.stringify(value));
test.each([
  { what: "traces in protobuf", path: "/v1/traces", type: PROTOBUF, body: tracesToProtobuf(traces) },
  { what: "traces in JSON", path: "/v1/traces", type: JSON_TYPE, body: json(traces) },
  { what: "logs in protobuf", path: "/v1/logs", type: PROTOBUF, body: logsToProtobuf(logs) },
  { what: "logs in JSON", path: "/v1/logs", type: JSON_TYPE, body: json(logs) },
  { what: "traces taken for metrics", path: "/v1/metrics", type: PROTOBUF, body: tracesToProtobuf(traces) },
])(
  "$what with bytes changed anywhere are stored, stored in part or rejected, never a server error",
  async ({ path, type, body }) => {
    const seqs = new Set<number>();
    await fc.assert(
      fc.asyncProperty(mutation, async (changes) => {
        const { status } = await world.post(mutate(body, changes), { path, type });
        seqs.add(status);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: RUNS },
    );
    expect(seqs).toContain(400);
  },
);

test("JSON with any values is stored, stored in part or rejected", async () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const attribute = fc.record({ key: fc.oneof(fc.string(), fc.constant("gen_ai.input.messages")), value: anything });
  const span = fc.record(
    {
      traceId: fc.oneof(fc.constant("a".repeat(32)), anything),
      spanId: fc.oneof(fc.constant("b".repeat(16)), anything),
      parentSpanId: anything,
      name: fc.oneof(fc.string(), anything),
      startTimeUnixNano: fc.oneof(fc.constant(`${Date.now()}000000`), anything),
      endTimeUnixNano: anything,
      attributes: fc.oneof(fc.array(attribute), anything),
      events: fc.oneof(fc.array(fc.record({ name: anything, timeUnixNano: anything, attributes: anything })), anything),
      links: anything,
      status: anything,
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(span, anything)), async (spans) => {
      const { status } = await world.post(jsonTraces(spans as never), { type: JSON_TYPE });
      expect([200, 400]).toContain(status);
    }),
    { numRuns: RUNS },
  );
});

test("attributes that dialects read hold anything at all, and the trace can still be read", async () => {
  const keys = [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.usage.input_tokens",
    "gen_ai.operation.name",
    "llm.input_messages.0.message.content",
    "llm.token_count.prompt",
    "openinference.span.kind",
    "ai.operationId",
    "ai.prompt.messages",
    "langfuse.observation.type",
    "langfuse.observation.usage_details",
    "mlflow.spanInputs",
    "traceloop.entity.input",
    "user.id",
    "tag.tags",
    "metadata",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.evaluation.name",
    "gen_ai.evaluation.score.value",
    "gen_ai.prompt.0.content",
    "gen_ai.completion.0.tool_calls.0.arguments",
    "gen_ai.usage.cost",
    "llm.tools.0.tool.json_schema",
    "retrieval.documents.0.document.metadata",
    "annotations.0.annotation.name",
    "annotations.0.annotation.score",
    "embedding.embeddings.0.embedding.vector",
    "ai.response.toolCalls",
    "ai.usage.inputTokens",
    "langfuse.observation.cost_details",
    "langfuse.observation.completion_start_time",
    "langfuse.trace.tags",
    "langsmith.span.kind",
    "langsmith.metadata.usage_metadata",
    "mlflow.spanType",
    "mlflow.spanOutputs",
    "mlflow.chat.tokenUsage",
    "logfire.msg",
    "request_data",
    "response_data",
    "events",
    "all_messages_events",
    "mastra.span.type",
    "mastra.model_step.output",
    "traceloop.span.kind",
    "traceloop.association.properties.session_id",
  ];
  const text = fc.oneof(fc.string(), fc.json(), fc.constantFrom("LLM", "chat", "[", "{}", "9".repeat(400), "[[[[]]]]"));
  const value = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.array(text));
  const traceId = "e".repeat(32);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { minKeys: 1 }), async (attributes) => {
      expect((await world.sendSpans([jsonSpan({ traceId, attributes })])).status).toBe(200);
    }),
    { numRuns: RUNS },
  );
  expect(await world.trace(traceId, RUNS)).toHaveLength(RUNS);
});

test("the thread that reads was never lost over it, and nothing is undeliverable", async () => {
  expect(await world.metric("treadle_otlp_thread_restarts")).toBe(0);
  const { spool } = await world.call("GET /api/v1/system");
  expect(spool.undeliverableRows).toBe(0);
});
