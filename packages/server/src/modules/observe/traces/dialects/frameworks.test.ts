import { describe, expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const text = (content: string) => ({ type: "text", content });
const asked = [{ role: "user", parts: [text("hi")] }];
const output = [{ role: "assistant", parts: [text("hello")], finish_reason: "stop" }];
const request = { model: "gpt-4o-mini", temperature: 0.2, messages: [{ role: "user", content: "hi" }] };
const usage = {
  prompt_tokens: 120,
  completion_tokens: 45,
  total_tokens: 165,
  prompt_tokens_details: { cached_tokens: 64 },
  completion_tokens_details: { reasoning_tokens: 16 },
};
const answer = {
  model: "gpt-4o-mini-2024-07-18",
  usage,
  choices: [{ finish_reason: "stop", message: { role: "assistant", content: "hello" } }],
};
const counted = { inputTokens: 120, outputTokens: 45, cachedInputTokens: 64, reasoningTokens: 16 };

describe("LangSmith", () => {
  test("a run's whole request and answer are read, and its user's metadata without the process's settings", () => {
    const reading = readSpan(
      makeReceivedSpan({
        "langsmith.span.kind": "llm",
        "gen_ai.operation.name": "chat",
        "gen_ai.prompt": JSON.stringify(request),
        "gen_ai.completion": JSON.stringify(answer),
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.usage.input_token_details": "{'cache_read': 64}",
        "langsmith.metadata.usage_metadata":
          '{"input_tokens":120,"output_tokens":45,"input_token_details":{"cache_read":64},"output_token_details":{"reasoning":16}}',
        "langsmith.metadata.ls_provider": "openai",
        "langsmith.metadata.LANGSMITH_PROJECT": "weather",
        "langsmith.metadata.user_id": "u1",
        "langsmith.metadata.session_id": "s1",
        "langsmith.metadata.plan": "pro",
        "langsmith.span.tags": "beta, eu",
      }),
    );
    expect(reading).toMatchObject({
      ...counted,
      dialect: "langsmith",
      kind: "generation",
      provider: "openai",
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2024-07-18",
      parameters: { temperature: 0.2 },
      input: asked,
      output,
      userId: "u1",
      sessionId: "s1",
      tags: ["beta", "eu"],
    });
    expect(reading.metadata).toEqual({ plan: "pro" });
  });

  test("a retriever is one although its operation says otherwise", () => {
    const reading = readSpan(
      makeReceivedSpan({
        "langsmith.span.kind": "retriever",
        "gen_ai.operation.name": "embeddings",
        "gen_ai.prompt": '{"query":"weather"}',
        "gen_ai.completion": '{"output":[{"page_content":"Sunny.","metadata":{"source":"docs"}}]}',
      }),
    );
    expect(reading).toMatchObject({ kind: "retrieval", output: [{ id: "docs", content: "Sunny." }] });
  });

  test("a run that threw has failed, whatever its status, and its error is recognized by its format", () => {
    const attributes = { "exception.type": "Exception", "exception.message": "TypeError('out of stock')\n\nTraceback" };
    const span = makeReceivedSpan(
      { "langsmith.span.kind": "tool" },
      { statusCode: 1, events: [{ name: "exception", attributes }] },
    );
    expect(readSpan(span)).toMatchObject({ status: "error", errorType: "TypeError", errorMessage: "out of stock" });
  });
});

describe("MLflow", () => {
  const quoted = (given: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]));

  test("the JSON around every value is taken off, the user's own attributes included", () => {
    const reading = readSpan(
      makeReceivedSpan(
        {
          ...quoted({
            "mlflow.spanType": "CHAT_MODEL",
            "mlflow.spanInputs": request,
            "mlflow.spanOutputs": answer,
            "mlflow.chat.tokenUsage": { input_tokens: 120, output_tokens: 45 },
            "user.id": "u1",
            "session.id": "s1",
            "app.own": "kept",
            model: "gpt-4o-mini",
          }),
          "mlflow.traceTag.plan": "pro",
        },
        { events: [{ name: "mlflow.chunk.item.0" }, { name: "own" }] },
      ),
    );
    expect(reading).toMatchObject({
      ...counted,
      dialect: "mlflow",
      kind: "generation",
      provider: "openai",
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2024-07-18",
      parameters: { temperature: 0.2 },
      input: asked,
      output,
      userId: "u1",
      sessionId: "s1",
      metadata: { plan: "pro" },
      consumedEvents: ["mlflow.chunk.item.0"],
    });
    expect(reading.attributes?.get("app.own")).toBe("kept");
    expect(reading.consumed).toContain("model");
  });

  test("the conventions' names are read too", () => {
    const span = makeReceivedSpan(
      { ...quoted({ "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 7, model: "gpt-4o-mini" }) },
      { resource: { "telemetry.sdk.name": "mlflow" } },
    );
    expect(readSpan(span)).toMatchObject({
      dialect: "mlflow",
      kind: "generation",
      inputTokens: 7,
      requestModel: "gpt-4o-mini",
    });
  });
});

describe("Logfire and Pydantic AI", () => {
  test("a span is named by its message, and the provider's usage says most", () => {
    const reading = readSpan(
      makeReceivedSpan({
        "logfire.msg_template": "Chat with {model}",
        "logfire.msg": "Chat with gpt-4o-mini",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.input.messages": JSON.stringify(asked),
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.raw": JSON.stringify(usage),
        "gen_ai.response.finish_reasons": '["stop"]',
        "operation.cost": 0.25,
        "logfire.tags": ["LLM"],
      }),
    );
    expect(reading).toMatchObject({
      ...counted,
      dialect: "logfire",
      name: "Chat with gpt-4o-mini",
      input: asked,
      costUsd: 0.25,
      tags: ["LLM"],
    });
    expect(reading.attributes?.get("gen_ai.response.finish_reasons")).toEqual(["stop"]);
  });

  test("the first version's request and answer are read", () => {
    const span = makeReceivedSpan({
      "logfire.span_type": "span",
      "gen_ai.request.model": "gpt-4o-mini",
      request_data: JSON.stringify(request),
      response_data: JSON.stringify({ message: { role: "assistant", content: "hello" }, usage }),
    });
    expect(readSpan(span)).toMatchObject({
      ...counted,
      kind: "generation",
      input: asked,
      parameters: { temperature: 0.2 },
    });
  });

  test("the input of an agent is the messages before its first response", () => {
    const messages = [
      ...asked,
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: "{}" }] },
    ];
    const span = makeReceivedSpan(
      {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.system_instructions": '[{"type":"text","content":"be brief"}]',
        "pydantic_ai.all_messages": JSON.stringify(messages),
        "gen_ai.aggregated_usage.input_tokens": 240,
        final_result: "hello",
      },
      { scope: "pydantic-ai" },
    );
    const reading = readSpan(span);
    expect(reading).toMatchObject({
      kind: "agent",
      input: [{ role: "system", parts: [text("be brief")] }, ...asked],
      output: "hello",
    });
    expect(reading.inputTokens).toBeUndefined();
  });
});

describe("Mastra", () => {
  test("a step's input and its calls of tools are read, without the provider's whole answer", () => {
    const reading = readSpan(
      makeReceivedSpan({
        "mastra.span.type": "model_step",
        "gen_ai.operation.name": "agent_step",
        "mastra.model_step.input": '[{"role":"user","content":"hi"}]',
        "mastra.model_step.output":
          '{"text":"","toolCalls":[{"toolCallId":"c1","toolName":"look","args":{"at":"it"}}]}',
        "mastra.metadata.body": "everything",
        "mastra.metadata.plan": "pro",
        "mastra.metadata.userId": "u1",
        "mastra.tags": '["beta"]',
      }),
    );
    expect(reading).toMatchObject({
      dialect: "mastra",
      kind: "chain",
      input: asked,
      output: [{ role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: { at: "it" } }] }],
      userId: "u1",
      tags: ["beta"],
    });
    expect(reading.metadata).toEqual({ plan: "pro" });
  });

  test("a call that finished with an error has failed", () => {
    const span = makeReceivedSpan({
      "mastra.span.type": "model_inference",
      "gen_ai.operation.name": "chat",
      "gen_ai.response.finish_reasons": '["error"]',
    });
    expect(readSpan(span)).toMatchObject({ kind: "generation", status: "error" });
  });
});
