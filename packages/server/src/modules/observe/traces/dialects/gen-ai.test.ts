import { describe, expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });
const asked = [{ role: "user", parts: [text("hi")] }];
const output = [{ role: "assistant", parts: [text("hello")], finish_reason: "stop" }];

describe("a chat is the same in each generation of the conventions", () => {
  test("of today", () => {
    const span = makeReceivedSpan({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.request.temperature": 0.2,
      "gen_ai.request.choice.count": 2,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 45,
      "gen_ai.usage.cache_read.input_tokens": 64,
      "gen_ai.usage.cache_creation.input_tokens": 8,
      "gen_ai.usage.reasoning.output_tokens": 16,
      "gen_ai.response.time_to_first_chunk": 0.25,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.system_instructions": '[{"type":"text","content":"be brief"}]',
      "gen_ai.input.messages": JSON.stringify(asked),
      "gen_ai.output.messages": JSON.stringify(output),
      "gen_ai.tool.definitions": '[{"type":"function","name":"look"}]',
      "gen_ai.conversation.id": "talk-1",
      "user.id": "u1",
      "app.own": "kept",
    });
    const reading = readSpan(span);
    expect(reading).toMatchObject({
      dialect: "gen_ai",
      kind: "generation",
      provider: "openai",
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2024-07-18",
      parameters: { temperature: 0.2, n: 2 },
      inputTokens: 120,
      outputTokens: 45,
      cachedInputTokens: 64,
      cacheWriteTokens: 8,
      reasoningTokens: 16,
      timeToFirstTokenMs: 250,
      costUsd: null,
      input: [{ role: "system", parts: [text("be brief")] }, ...asked],
      output,
      userId: "u1",
      sessionId: "talk-1",
    });
    expect(reading.attributes?.get("gen_ai.tool.definitions")).toEqual([{ type: "function", name: "look" }]);
    expect(reading.consumed).toContain("gen_ai.input.messages");
    expect(reading.consumed).not.toContain("app.own");
  });

  test("with its messages as events of the span", () => {
    const span = makeReceivedSpan(
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.openai.request.seed": 7,
      },
      {
        events: [
          { name: "gen_ai.system.message", attributes: { "gen_ai.system": "openai", content: "be brief" } },
          { name: "gen_ai.user.message", attributes: { content: "42" } },
          {
            name: "gen_ai.assistant.message",
            attributes: { tool_calls: '[{"id":"c1","function":{"name":"look","arguments":"{}"}}]' },
          },
          { name: "gen_ai.tool.message", attributes: { id: "c1", content: "seen" } },
          { name: "gen_ai.choice", attributes: { index: 0, finish_reason: "stop", message: '{"content":"hello"}' } },
          { name: "cache.miss" },
        ],
      },
    );
    const reading = readSpan(span);
    expect(reading).toMatchObject({ kind: "generation", inputTokens: 10, outputTokens: 3, parameters: { seed: 7 } });
    expect(reading.input).toEqual([
      { role: "system", parts: [text("be brief")] },
      { role: "user", parts: [text("42")] },
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: {} }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "seen" }] },
    ]);
    expect(reading.output).toEqual(output);
    const read = reading.readEvents?.map(({ name }) => name);
    expect(read).toContain("gen_ai.choice");
    expect(read).not.toContain("cache.miss");
  });

  test("with a prompt and a completion, in events or in attributes", () => {
    const prompt = '[{"role":"user","content":"hi"}]';
    const completion = '[{"role":"assistant","content":"hello"}]';
    const facts = {
      "gen_ai.system": "OpenAI",
      "gen_ai.request.model": "gpt-4",
      "gen_ai.usage.prompt_tokens": 10,
      "gen_ai.usage.completion_tokens": 3,
    };
    const expected = {
      kind: "generation",
      provider: "openai",
      inputTokens: 10,
      outputTokens: 3,
      input: asked,
      output: [{ role: "assistant", parts: [text("hello")] }],
    };
    const events = [
      { name: "gen_ai.content.prompt", attributes: { "gen_ai.prompt": prompt } },
      { name: "gen_ai.content.completion", attributes: { "gen_ai.completion": completion } },
    ];
    expect(readSpan(makeReceivedSpan(facts, { events }))).toMatchObject(expected);
    expect(
      readSpan(makeReceivedSpan({ ...facts, "gen_ai.prompt": prompt, "gen_ai.completion": completion })),
    ).toMatchObject(expected);
    const numbered = {
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content": "hi",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.content": "hello",
    };
    expect(readSpan(makeReceivedSpan({ ...facts, ...numbered }))).toMatchObject(expected);
  });
});

test("a tool, a retrieval, an agent and an embedding are distinguished", () => {
  const tool = readSpan(
    makeReceivedSpan({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look",
      "gen_ai.tool.call.arguments": '{"at":"it"}',
      "gen_ai.tool.call.result": '"seen"',
    }),
  );
  expect(tool).toMatchObject({ kind: "tool", input: { at: "it" }, output: "seen" });
  const retrieval = readSpan(
    makeReceivedSpan({
      "gen_ai.operation.name": "retrieval",
      "gen_ai.retrieval.query.text": "weather",
      "gen_ai.retrieval.documents": '[{"id":"d1","score":0.9,"content":"Sunny."}]',
    }),
  );
  expect(retrieval).toMatchObject({
    kind: "retrieval",
    input: "weather",
    output: [{ id: "d1", content: "Sunny.", score: 0.9, metadata: null }],
  });
  const embedding = readSpan(
    makeReceivedSpan({ "gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": 9 }),
  );
  expect(embedding).toMatchObject({ kind: "embedding", inputTokens: 9, outputTokens: 0 });
});

test("an agent's sum of tokens stays in its attributes and is not counted again", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.usage.input_tokens": 240,
      "gen_ai.agent.name": "a",
    }),
  );
  expect(reading.kind).toBe("agent");
  expect(reading.inputTokens).toBeUndefined();
  expect(reading.consumed).not.toContain("gen_ai.usage.input_tokens");
});

test("an evaluation inside a span is a score", () => {
  const events = [
    {
      name: "gen_ai.evaluation.result",
      attributes: {
        "gen_ai.evaluation.name": "relevance",
        "gen_ai.evaluation.score.value": 0.8,
        "gen_ai.evaluation.score.label": "good",
        "gen_ai.evaluation.explanation": "on topic",
      },
    },
    { name: "gen_ai.evaluation.result", attributes: { "gen_ai.evaluation.name": "empty" } },
  ];
  expect(readSpan(makeReceivedSpan({ "gen_ai.operation.name": "chat" }, { events })).scores).toEqual([
    { name: "relevance", value: 0.8, label: "good", comment: "on topic" },
  ]);
});
