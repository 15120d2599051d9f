import { expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });

test("a traceAI model call retains its messages, tools, parameters and kind", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "gen_ai.span.kind": "LLM",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.request.parameters": '{"model":"gpt-4o-mini","temperature":0.2}',
      "gen_ai.tool.definitions.0.tool.json_schema": '{"type":"function","function":{"name":"weather"}}',
      "gen_ai.input.messages.0.message.role": "user",
      "gen_ai.input.messages.0.message.contents.0.message_content.type": "text",
      "gen_ai.input.messages.0.message.contents.0.message_content.text": "How warm is it here?",
      "gen_ai.input.messages.0.message.contents.1.message_content.type": "image",
      "gen_ai.input.messages.0.message.contents.1.message_content.image": "https://example.com/map.png",
      "gen_ai.input.messages.1.message.role": "assistant",
      "gen_ai.input.messages.1.message.tool_calls.0.tool_call.id": "t1",
      "gen_ai.input.messages.1.message.tool_calls.0.tool_call.function.name": "weather",
      "gen_ai.input.messages.1.message.tool_calls.0.tool_call.function.arguments": '{"city":"Paris"}',
      "gen_ai.input.messages.2.message.role": "tool",
      "gen_ai.input.messages.2.message.tool_call_id": "t1",
      "gen_ai.input.messages.2.message.content": "21 degrees",
      "gen_ai.output.messages.0.message.role": "assistant",
      "gen_ai.output.messages.0.message.content": "It is 21 degrees.",
      "gen_ai.output.messages.0.message.annotations": "unread",
      "gen_ai.usage.input_tokens": 30,
      "gen_ai.usage.output_tokens": 6,
      "gen_ai.usage.input_tokens.cache_read": 10,
      "gen_ai.cost.total": 0.01,
      "input.value": "How warm is it here?",
      "output.value": "It is 21 degrees.",
      metadata: '{"plan":"pro"}',
      "tag.tags": ["beta"],
      "user.id": "u1",
    }),
  );
  expect(reading).toMatchObject({
    dialect: "traceai",
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o-mini",
    responseModel: "gpt-4o-mini-2024-07-18",
    parameters: { temperature: 0.2 },
    input: [
      { role: "user", parts: [text("How warm is it here?"), { type: "uri", uri: "https://example.com/map.png" }] },
      { role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "weather", arguments: { city: "Paris" } }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "t1", response: "21 degrees" }] },
    ],
    output: [{ role: "assistant", parts: [text("It is 21 degrees.")] }],
    inputTokens: 30,
    cachedInputTokens: 10,
    costUsd: 0.01,
    metadata: { plan: "pro" },
    tags: ["beta"],
    userId: "u1",
  });
  expect(reading.attributes?.get("gen_ai.tool.definitions")).toEqual([
    { type: "function", function: { name: "weather" } },
  ]);
  expect(reading.consumed).toContain("gen_ai.output.messages.0.message.content");
  expect(reading.consumed).not.toContain("gen_ai.output.messages.0.message.annotations");
});

test("a traceAI tool, retriever, embedding and chain keep their values", () => {
  const tool = { "gen_ai.span.kind": "TOOL", "input.value": '{"city":"Paris"}', "output.value": "21 degrees" };
  expect(readSpan(makeReceivedSpan(tool))).toMatchObject({
    kind: "tool",
    input: { city: "Paris" },
    output: "21 degrees",
  });
  const retriever = {
    "gen_ai.span.kind": "RETRIEVER",
    "input.value": "weather",
    "retrieval.documents.0.document.id": "d1",
    "retrieval.documents.0.document.content": "Sunny.",
  };
  expect(readSpan(makeReceivedSpan(retriever))).toMatchObject({
    kind: "retrieval",
    input: "weather",
    output: [{ id: "d1", content: "Sunny.", score: null, metadata: null }],
  });
  const embedding = {
    "gen_ai.span.kind": "EMBEDDING",
    "embedding.model_name": "text-embedding-3-small",
    "embedding.embeddings.0.embedding.text": "hi",
    "embedding.embeddings.0.embedding.vector": [0.1, 0.2],
  };
  expect(readSpan(makeReceivedSpan(embedding))).toMatchObject({
    kind: "embedding",
    requestModel: "text-embedding-3-small",
    input: ["hi"],
    output: null,
  });
  const chain = { "gen_ai.span.kind": "CHAIN", "input.value": "in", "output.value": "out" };
  expect(readSpan(makeReceivedSpan(chain))).toMatchObject({ kind: "chain", input: "in", output: "out" });
});

test("a sender of today's conventions that adds a span kind retains its messages", () => {
  const messages = (role: string, content: string) => JSON.stringify([{ role, parts: [text(content)] }]);
  const reading = readSpan(
    makeReceivedSpan({
      "gen_ai.span.kind": "LLM",
      "gen_ai.operation.name": "chat",
      "gen_ai.input.messages": messages("user", "hi"),
      "gen_ai.output.messages": messages("assistant", "hello"),
    }),
  );
  expect(reading).toMatchObject({
    kind: "generation",
    input: [{ role: "user", parts: [text("hi")] }],
    output: [{ role: "assistant", parts: [text("hello")] }],
  });
});

test("conventions without messages fall back to the values of a span", () => {
  const reading = readSpan(
    makeReceivedSpan({ "gen_ai.operation.name": "chat", "input.value": "hi", "output.value": "hello" }),
  );
  expect(reading).toMatchObject({
    input: [{ role: "user", parts: [text("hi")] }],
    output: [{ role: "assistant", parts: [text("hello")] }],
  });
});

test("content that cannot be read stays among the attributes", () => {
  const unread = JSON.stringify([{ role: "assistant", content: { text: { nested: true } }, tool_calls: "none" }]);
  for (const value of ['[{"role":"user","content":42}]', unread, '[{"role":"user","contents":[[]]}]', "[[]]"]) {
    for (const name of ["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.prompt", "input.value"]) {
      const reading = readSpan(makeReceivedSpan({ "gen_ai.operation.name": "chat", [name]: value }));
      const isVisible = (reading.input ?? reading.output) !== undefined || !reading.consumed?.includes(name);
      expect([name, value, isVisible]).toEqual([name, value, true]);
    }
  }
});
