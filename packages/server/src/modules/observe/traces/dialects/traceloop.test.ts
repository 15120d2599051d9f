import { expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });

test("a call under the names of before is read whole", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "llm.request.type": "chat",
      "gen_ai.system": "OpenAI",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.request.temperature": 0.2,
      "llm.request.reasoning_effort": [],
      "llm.is_streaming": false,
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content":
        '[{"type":"text","text":"look at it"},{"type":"image_url","image_url":{"url":"https://example.test/a.png"}}]',
      "gen_ai.prompt.1.role": "tool",
      "gen_ai.prompt.1.content": "42",
      "gen_ai.prompt.1.tool_call_id": "c0",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.content": "null",
      "gen_ai.completion.0.finish_reason": "tool_calls",
      "gen_ai.completion.0.tool_calls.0.id": "c1",
      "gen_ai.completion.0.tool_calls.0.name": "look",
      "gen_ai.completion.0.tool_calls.0.arguments": '{"at":"it"}',
      "llm.request.functions.0.name": "look",
      "llm.request.functions.0.parameters": '{"type":"object"}',
      "gen_ai.usage.prompt_tokens": 120,
      "gen_ai.usage.completion_tokens": 45,
      "llm.usage.total_tokens": 165,
      "traceloop.association.properties.user_id": "u1",
      "traceloop.association.properties.session_id": "s1",
      "traceloop.association.properties.plan": "pro",
    }),
  );
  expect(reading).toMatchObject({
    dialect: "traceloop",
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o-mini",
    responseModel: "gpt-4o-mini-2024-07-18",
    parameters: { temperature: 0.2, stream: false },
    input: [
      {
        role: "user",
        parts: [text("look at it"), { type: "uri", modality: "image", uri: "https://example.test/a.png" }],
      },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c0", response: "42" }] },
    ],
    output: [
      {
        role: "assistant",
        parts: [{ type: "tool_call", id: "c1", name: "look", arguments: { at: "it" } }],
        finish_reason: "tool_calls",
      },
    ],
    inputTokens: 120,
    outputTokens: 45,
    userId: "u1",
    sessionId: "s1",
    metadata: { plan: "pro" },
  });
  expect(reading.attributes?.get("gen_ai.tool.definitions")).toEqual([
    { type: "function", name: "look", parameters: { type: "object" } },
  ]);
});

test("a decorated function's arguments go in and its result comes out", () => {
  const given = (kind: string) =>
    readSpan(
      makeReceivedSpan({
        "traceloop.span.kind": kind,
        "traceloop.workflow.name": "weather",
        "traceloop.entity.input": '{"args":["Paris"],"kwargs":{}}',
        "traceloop.entity.output": '"Sunny"',
      }),
    );
  expect(given("tool")).toMatchObject({ kind: "tool", input: "Paris", output: "Sunny", traceName: "weather" });
  expect(given("workflow").kind).toBe("chain");
  expect(given("agent").kind).toBe("agent");
});

test("what a vector store found is documents, and a result with more than that stays an event too", () => {
  const attributes = {
    "db.query.result.id": "d1",
    "db.query.result.score": 0.9,
    "db.query.result.document": "Sunny.",
    "db.query.result.metadata": '{"source":"docs"}',
  };
  const span = makeReceivedSpan(
    { "traceloop.workflow.name": "weather" },
    {
      scope: "@traceloop/node-server-sdk",
      events: [
        { name: "db.query.result", attributes },
        { name: "db.query.result", attributes: { ...attributes, "db.query.result.distance": 0.1 } },
      ],
    },
  );
  const document = { id: "d1", content: "Sunny.", score: 0.9, metadata: { source: "docs" } };
  expect(readSpan(span)).toMatchObject({
    kind: "retrieval",
    output: [document, document],
    consumedEvents: ["db.query.embeddings"],
    readEvents: [span.events[0]],
  });
});

test("Anthropic's cached tokens, counted outside the input in JavaScript, are added to it", () => {
  const usage = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 45,
    "gen_ai.usage.cache_read.input_tokens": 64,
    "gen_ai.usage.cache_creation.input_tokens": 16,
  };
  const beside = readSpan(makeReceivedSpan(usage, { scope: "@traceloop/instrumentation-anthropic" }));
  expect(beside).toMatchObject({ inputTokens: 180, cachedInputTokens: 64, cacheWriteTokens: 16 });
  const inside = readSpan(makeReceivedSpan(usage, { scope: "opentelemetry.instrumentation.anthropic" }));
  expect(inside).toMatchObject({ inputTokens: 100, cachedInputTokens: 64, cacheWriteTokens: 16 });
});

test("a call that Anthropic's SDK reports as well is counted once", () => {
  const own = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 120,
  };
  const alone = readSpan(makeReceivedSpan(own, { scope: "com.anthropic.sdk.python" }));
  expect(alone).toMatchObject({ kind: "generation", inputTokens: 120 });
  const repeated = readSpan(
    makeReceivedSpan({ ...own, "traceloop.workflow.name": "w" }, { scope: "com.anthropic.sdk.python" }),
  );
  expect(repeated.kind).toBe("span");
  expect(repeated.inputTokens).toBeUndefined();
});

test("a request of another instrumentation inside an agent stays a plain span", () => {
  const span = makeReceivedSpan({
    "http.method": "POST",
    "gen_ai.agent.name": "weather",
    "traceloop.workflow.name": "w",
  });
  expect(readSpan(span)).toMatchObject({ dialect: "plain", kind: "span" });
});
