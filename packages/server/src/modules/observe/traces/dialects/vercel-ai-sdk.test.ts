import { expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });
const usage = {
  "ai.usage.inputTokens": 120,
  "ai.usage.outputTokens": 45,
  "ai.usage.totalTokens": 165,
  "ai.usage.cachedInputTokens": 64,
  "ai.usage.reasoningTokens": 16,
};
const about = {
  "ai.telemetry.functionId": "greet",
  "ai.telemetry.metadata.userId": "u1",
  "ai.telemetry.metadata.sessionId": "s1",
  "ai.telemetry.metadata.tags": ["beta", "eu"],
  "ai.telemetry.metadata.plan": "pro",
};
const asker = { userId: "u1", sessionId: "s1", tags: ["beta", "eu"], metadata: { plan: "pro" } };

test("a call of a model is a generation, and what is around it counts no tokens again", () => {
  const inner = readSpan(
    makeReceivedSpan({
      ...usage,
      ...about,
      "ai.operationId": "ai.streamText.doStream",
      "ai.model.id": "gpt-4o-mini",
      "ai.model.provider": "openai.responses",
      "ai.response.model": "gpt-4o-mini-2024-07-18",
      "ai.settings.maxOutputTokens": 200,
      "ai.settings.temperature": 0.2,
      "ai.prompt.messages":
        '[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"look"},{"type":"file","mediaType":"image/png","data":"aGk="}]}]',
      "ai.prompt.tools": ['{"type":"function","name":"look"}'],
      "ai.response.reasoning": "hm",
      "ai.response.text": "let me see",
      "ai.response.toolCalls": '[{"toolCallId":"c1","toolName":"look","input":"{\\"at\\":\\"it\\"}"}]',
      "ai.response.finishReason": "tool-calls",
      "ai.response.msToFirstChunk": 12.5,
    }),
  );
  expect(inner).toMatchObject({
    ...asker,
    dialect: "ai_sdk",
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o-mini",
    responseModel: "gpt-4o-mini-2024-07-18",
    parameters: { max_tokens: 200, temperature: 0.2 },
    inputTokens: 120,
    outputTokens: 45,
    cachedInputTokens: 64,
    reasoningTokens: 16,
    timeToFirstTokenMs: 12.5,
    input: [
      { role: "system", parts: [text("be brief")] },
      {
        role: "user",
        parts: [text("look"), { type: "blob", modality: "image", mime_type: "image/png", content: "aGk=" }],
      },
    ],
    output: [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          text("let me see"),
          { type: "tool_call", id: "c1", name: "look", arguments: { at: "it" } },
        ],
        finish_reason: "tool-calls",
      },
    ],
  });
  expect(inner.attributes?.get("gen_ai.tool.definitions")).toEqual([{ type: "function", name: "look" }]);
  const outer = readSpan(
    makeReceivedSpan({
      ...usage,
      ...about,
      "ai.operationId": "ai.streamText",
      "ai.prompt": '{"system":"be brief","prompt":"look"}',
    }),
  );
  expect(outer).toMatchObject({ ...asker, kind: "chain", traceName: "greet" });
  expect(outer.input).toEqual([
    { role: "system", parts: [text("be brief")] },
    { role: "user", parts: [text("look")] },
  ]);
  expect(outer.inputTokens).toBeUndefined();
  expect(outer.consumed).not.toContain("ai.usage.inputTokens");
});

test("tools and embeddings are read", () => {
  const tool = readSpan(
    makeReceivedSpan({
      "ai.operationId": "ai.toolCall",
      "ai.toolCall.name": "look",
      "ai.toolCall.args": '{"at":"it"}',
      "ai.toolCall.result": '"seen"',
    }),
  );
  expect(tool).toMatchObject({ kind: "tool", input: { at: "it" }, output: "seen" });
  expect(tool.attributes?.get("gen_ai.tool.name")).toBe("look");
  const embedding = readSpan(
    makeReceivedSpan({
      "ai.operationId": "ai.embedMany.doEmbed",
      "ai.values": ['"Paris"', '"Berlin"'],
      "ai.embeddings": ["[0.5]", "[1]"],
      "ai.usage.tokens": 9,
    }),
  );
  expect(embedding).toMatchObject({ kind: "embedding", input: ["Paris", "Berlin"], output: null, inputTokens: 9 });
  expect(embedding.consumed).toContain("ai.embeddings");
});

test("version 7 writes the conventions, and what it adds to them is read too", () => {
  const reading = readSpan(
    makeReceivedSpan(
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai.chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 45,
        "gen_ai.client.operation.time_to_first_chunk": 0.25,
        "ai.usage.outputTokenDetails.reasoningTokens": 16,
        "ai.settings.context.userId": "u1",
        "ai.settings.context.sessionId": "s1",
        "ai.settings.context.tags": ["beta", "eu"],
        "ai.settings.context.plan": "pro",
      },
      { scope: "gen_ai" },
    ),
  );
  expect(reading).toMatchObject({
    ...asker,
    dialect: "ai_sdk",
    kind: "generation",
    provider: "openai",
    inputTokens: 120,
    reasoningTokens: 16,
    timeToFirstTokenMs: 250,
  });
});
