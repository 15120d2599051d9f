import { describe, expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const start = 1_700_000_000_000_000;

test("an observation is read with what belongs to its trace", () => {
  const reading = readSpan(
    makeReceivedSpan(
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o-mini-2024-07-18",
        "langfuse.observation.model.parameters": '{"temperature":0.2,"max_tokens":"Infinity"}',
        "langfuse.observation.input": '{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function"}]}',
        "langfuse.observation.output": "hello",
        "langfuse.observation.usage_details":
          '{"input":56,"input_cached_tokens":64,"output":29,"output_reasoning_tokens":16,"total":165}',
        "langfuse.observation.cost_details": '{"input":0.25,"output":0.5}',
        "langfuse.observation.completion_start_time": '"2023-11-14T22:13:20.250Z"',
        "langfuse.observation.metadata.step": "1",
        "langfuse.observation.prompt.name": "greet",
        "langfuse.observation.prompt.version": 4,
        "langfuse.trace.name": "talk",
        "langfuse.trace.tags": ["beta", "eu"],
        "langfuse.trace.metadata.plan": '"pro"',
        "langfuse.environment": "staging",
        "langfuse.release": "1.2.3",
        "user.id": "u1",
        "session.id": "s1",
      },
      { scope: "langfuse-sdk", startMicros: start },
    ),
  );
  expect(reading).toMatchObject({
    dialect: "langfuse",
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o-mini-2024-07-18",
    parameters: { temperature: 0.2 },
    input: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "hello" }] }],
    inputTokens: 120,
    cachedInputTokens: 64,
    outputTokens: 45,
    reasoningTokens: 16,
    costUsd: 0.75,
    timeToFirstTokenMs: 250,
    promptName: "greet",
    promptVersion: "4",
    traceName: "talk",
    tags: ["beta", "eu"],
    metadata: { plan: "pro", step: "1" },
    environment: "staging",
    release: "1.2.3",
    userId: "u1",
    sessionId: "s1",
  });
  expect(reading.parameters).not.toHaveProperty("max_tokens");
  expect(reading.attributes?.get("gen_ai.tool.definitions")).toEqual([{ type: "function" }]);
});

describe("cached tokens are inside the input, however they were counted", () => {
  const usage = (details: object) =>
    readSpan(
      makeReceivedSpan({
        "langfuse.observation.type": "generation",
        "langfuse.observation.usage_details": JSON.stringify(details),
      }),
    );

  test.each<[string, object]>([
    [
      "in parts that add up",
      { input: 56, input_cached_tokens: 64, output: 29, output_reasoning_tokens: 16, total: 165 },
    ],
    [
      "whole, with its parts beside",
      { input: 120, input_cached_tokens: 64, output: 45, output_reasoning_tokens: 16, total: 165 },
    ],
    [
      "as OpenAI counts",
      {
        prompt_tokens: 120,
        completion_tokens: 45,
        total_tokens: 165,
        prompt_tokens_details: { cached_tokens: 64 },
        completion_tokens_details: { reasoning_tokens: 16 },
      },
    ],
    [
      "as the responses count",
      {
        input_tokens: 120,
        output_tokens: 45,
        total_tokens: 165,
        input_tokens_details: { cached_tokens: 64 },
        output_tokens_details: { reasoning_tokens: 16 },
      },
    ],
  ])("%s", (_name, details) => {
    expect(usage(details)).toMatchObject({
      inputTokens: 120,
      cachedInputTokens: 64,
      outputTokens: 45,
      reasoningTokens: 16,
    });
  });

  test("written by hand, with cached tokens in addition to the input", () => {
    expect(usage({ input: 40, output: 45, cache_read_input_tokens: 64 })).toMatchObject({
      inputTokens: 104,
      cachedInputTokens: 64,
    });
  });
});

test("a level of error fails a span whose status says nothing", () => {
  const span = makeReceivedSpan({
    "langfuse.observation.type": "tool",
    "langfuse.observation.level": "ERROR",
    "langfuse.observation.status_message": "out of stock",
  });
  expect(readSpan(span)).toMatchObject({ kind: "tool", status: "error", errorMessage: "out of stock" });
});

test("a text is a text, also without the quotes of JSON", () => {
  const span = makeReceivedSpan({
    "langfuse.observation.type": "tool",
    "langfuse.observation.output": "Sunny in Paris",
  });
  expect(readSpan(span).output).toBe("Sunny in Paris");
});

test("the arguments of a decorated function are its input", () => {
  const given = (input: object) =>
    readSpan(
      makeReceivedSpan({ "langfuse.observation.type": "tool", "langfuse.observation.input": JSON.stringify(input) }),
    ).input;
  expect(given({ args: [], kwargs: { city: "Paris" } })).toEqual({ city: "Paris" });
  expect(given({ args: ["Paris"], kwargs: {} })).toBe("Paris");
  expect(given({ args: ["Paris"], kwargs: { unit: "C" } })).toEqual({ args: ["Paris"], kwargs: { unit: "C" } });
});

test("a span of another that passes through the exporter is read by its own dialect, with the trace's facts", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "ai.operationId": "ai.toolCall",
      "ai.toolCall.args": '{"city":"Paris"}',
      "langfuse.trace.tags": ["beta"],
      "langfuse.trace.name": "talk",
      "session.id": "s1",
    }),
  );
  expect(reading).toMatchObject({
    dialect: "ai_sdk",
    kind: "tool",
    tags: ["beta"],
    traceName: "talk",
    sessionId: "s1",
  });
});
