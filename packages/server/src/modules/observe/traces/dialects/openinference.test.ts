import { expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });

test("a chat spread over numbered keys is read whole", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "openinference.span.kind": "LLM",
      "llm.provider": "openai",
      "llm.model_name": "gpt-4o-mini-2024-07-18",
      "llm.invocation_parameters": '{"model":"gpt-4o-mini","temperature":0.2,"tools":[]}',
      "llm.input_messages.1.message.role": "user",
      "llm.input_messages.1.message.contents.0.message_content.type": "text",
      "llm.input_messages.1.message.contents.0.message_content.text": "look at it",
      "llm.input_messages.1.message.contents.1.message_content.type": "image",
      "llm.input_messages.1.message.contents.1.message_content.image.image.url": "data:image/png;base64,aGk=",
      "llm.input_messages.0.message.role": "system",
      "llm.input_messages.0.message.content": "be brief",
      "llm.output_messages.0.message.role": "assistant",
      "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"at":"it"}',
      "llm.tools.0.tool.json_schema": '{"type":"function","function":{"name":"look"}}',
      "llm.token_count.prompt": 120,
      "llm.token_count.completion": 45,
      "llm.token_count.prompt_details.cache_read": 64,
      "llm.token_count.completion_details.reasoning": 16,
      "llm.cost.total": 0.25,
      "llm.finish_reason": "tool_calls",
      "input.value": '{"messages":[]}',
      "input.mime_type": "application/json",
      "user.id": "u1",
      "session.id": "s1",
      "tag.tags": '["beta","eu"]',
      metadata: '{"plan":"pro","nested":{"a":1}}',
      "llm.prompt_template.version": "2",
      "app.own": "kept",
    }),
  );
  expect(reading).toMatchObject({
    dialect: "openinference",
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o-mini",
    responseModel: "gpt-4o-mini-2024-07-18",
    parameters: { temperature: 0.2 },
    input: [
      { role: "system", parts: [text("be brief")] },
      {
        role: "user",
        parts: [text("look at it"), { type: "blob", modality: "image", mime_type: "image/png", content: "aGk=" }],
      },
    ],
    output: [{ role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: { at: "it" } }] }],
    inputTokens: 120,
    outputTokens: 45,
    cachedInputTokens: 64,
    reasoningTokens: 16,
    costUsd: 0.25,
    userId: "u1",
    sessionId: "s1",
    tags: ["beta", "eu"],
    metadata: { plan: "pro", nested: '{"a":1}' },
    promptVersion: "2",
  });
  expect(reading.attributes?.get("gen_ai.response.finish_reasons")).toEqual(["tool_calls"]);
  expect(reading.consumed).toContain("input.value");
  expect(reading.consumed).not.toContain("app.own");
});

test("documents of a retrieval and of a rerank keep their order, ids and scores", () => {
  const span = readSpan(
    makeReceivedSpan({
      "openinference.span.kind": "RETRIEVER",
      "input.value": "weather",
      "retrieval.documents.1.document.content": "Grey.",
      "retrieval.documents.0.document.id": "d1",
      "retrieval.documents.0.document.content": "Sunny.",
      "retrieval.documents.0.document.score": 0.9,
      "retrieval.documents.0.document.metadata": '{"source":"docs"}',
    }),
  );
  expect(span).toMatchObject({ kind: "retrieval", input: "weather" });
  expect(span.output).toEqual([
    { id: "d1", content: "Sunny.", score: 0.9, metadata: { source: "docs" } },
    { id: "", content: "Grey.", score: null, metadata: null },
  ]);
  const ordered = readSpan(
    makeReceivedSpan({
      "openinference.span.kind": "RERANKER",
      "reranker.query": "weather",
      "reranker.model_name": "rerank-1",
      "reranker.input_documents.0.document.content": "Sunny.",
      "reranker.output_documents.0.document.content": "Sunny.",
      "reranker.output_documents.0.document.score": 0.99,
    }),
  );
  expect(ordered).toMatchObject({
    kind: "rerank",
    requestModel: "rerank-1",
    input: { query: "weather", documents: [{ content: "Sunny." }] },
    output: [{ content: "Sunny.", score: 0.99 }],
  });
});

test("for an embedding, the texts are stored, and for the vectors their length", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "openinference.span.kind": "EMBEDDING",
      "embedding.model_name": "text-embedding-3-small",
      "embedding.embeddings.0.embedding.text": "Paris",
      "embedding.embeddings.0.embedding.vector": [0.5, 1, -0.25],
      "output.value": '{"data":[{"embedding":[0.5,1,-0.25]}],"usage":{"prompt_tokens":9}}',
    }),
  );
  expect(reading).toMatchObject({
    kind: "embedding",
    input: ["Paris"],
    output: null,
    inputTokens: 9,
    provider: "openai",
  });
  expect(reading.attributes?.get("gen_ai.embeddings.dimension.count")).toBe(3);
});

test("the tokens of an agent are left to the generations below it", () => {
  const reading = readSpan(
    makeReceivedSpan({ "openinference.span.kind": "AGENT", "llm.token_count.prompt": 240, "input.value": "weather?" }),
  );
  expect(reading).toMatchObject({ kind: "agent", input: "weather?" });
  expect(reading.inputTokens).toBeUndefined();
});

test("a kind without a value does not make a span OpenInference's", () => {
  expect(readSpan(makeReceivedSpan({ "openinference.span.kind": null })).dialect).toBe("plain");
});

test("annotations and evaluations become scores", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "openinference.span.kind": "EVALUATOR",
      "annotation.name": "helpful",
      "annotation.score": 0.5,
      "evaluations.0.evaluation.name": "tone",
      "evaluations.0.evaluation.label": "kind",
    }),
  );
  expect(reading.scores).toEqual([
    { name: "helpful", value: 0.5, label: "", comment: "" },
    { name: "tone", value: null, label: "kind", comment: "" },
  ]);
});
