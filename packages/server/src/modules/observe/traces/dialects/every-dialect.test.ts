import { describe, expect, test } from "vitest";
import { DIALECTS, readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

type Attributes = Parameters<typeof makeReceivedSpan>[0];
type Sender = {
  readonly dialect: string;
  readonly scope?: string;
  /** How this sender writes the same call: asked `hi`, answered `hello`, 120 tokens in of which 64 cached, 45 out, by `u1` in `s1`. */
  readonly call: Attributes;
};

const messages = '[{"role":"user","content":"hi"}]';
const parts = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]';
const answer = '[{"role":"assistant","parts":[{"type":"text","content":"hello"}]}]';
const conventions = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.input.messages": parts,
  "gen_ai.output.messages": answer,
  "gen_ai.usage.input_tokens": 120,
  "gen_ai.usage.output_tokens": 45,
  "gen_ai.usage.cache_read.input_tokens": 64,
};
const asker = { "user.id": "u1", "session.id": "s1" };
const association = {
  "traceloop.association.properties.user_id": "u1",
  "traceloop.association.properties.session_id": "s1",
};

const SENDERS: readonly Sender[] = [
  {
    dialect: "langfuse",
    call: {
      ...asker,
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-4o-mini",
      "langfuse.observation.input": messages,
      "langfuse.observation.output": '{"role":"assistant","content":"hello"}',
      "langfuse.observation.usage_details": '{"input":56,"input_cached_tokens":64,"output":45,"total":165}',
    },
  },
  {
    dialect: "openinference",
    call: {
      ...asker,
      "openinference.span.kind": "LLM",
      "llm.system": "openai",
      "llm.model_name": "gpt-4o-mini",
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": "hi",
      "llm.output_messages.0.message.role": "assistant",
      "llm.output_messages.0.message.content": "hello",
      "llm.token_count.prompt": 120,
      "llm.token_count.completion": 45,
      "llm.token_count.prompt_details.cache_read": 64,
    },
  },
  {
    dialect: "mlflow",
    call: {
      "user.id": '"u1"',
      "session.id": '"s1"',
      "mlflow.spanType": '"CHAT_MODEL"',
      "mlflow.llm.model": '"gpt-4o-mini"',
      "mlflow.spanInputs": `{"messages":${messages}}`,
      "mlflow.spanOutputs": '{"choices":[{"message":{"role":"assistant","content":"hello"}}]}',
      "mlflow.chat.tokenUsage":
        '{"input_tokens":120,"output_tokens":45,"total_tokens":165,"cache_read_input_tokens":64}',
    },
  },
  {
    dialect: "langsmith",
    call: {
      "langsmith.span.kind": "llm",
      "langsmith.metadata.user_id": "u1",
      "langsmith.metadata.session_id": "s1",
      "langsmith.metadata.ls_provider": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.prompt": `{"messages":${messages}}`,
      "gen_ai.completion": '{"choices":[{"message":{"role":"assistant","content":"hello"}}]}',
      "langsmith.metadata.usage_metadata":
        '{"input_tokens":120,"output_tokens":45,"input_token_details":{"cache_read":64}}',
    },
  },
  {
    dialect: "traceai",
    call: {
      ...asker,
      "gen_ai.span.kind": "LLM",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.input.messages.0.message.role": "user",
      "gen_ai.input.messages.0.message.content": "hi",
      "gen_ai.output.messages.0.message.role": "assistant",
      "gen_ai.output.messages.0.message.content": "hello",
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 45,
      "gen_ai.usage.input_tokens.cache_read": 64,
      "input.value": "hi",
      "output.value": "hello",
    },
  },
  {
    dialect: "traceloop",
    call: {
      ...association,
      "llm.request.type": "chat",
      "gen_ai.system": "OpenAI",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content": "hi",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.content": "hello",
      "gen_ai.usage.prompt_tokens": 120,
      "gen_ai.usage.completion_tokens": 45,
      "gen_ai.usage.cache_read_input_tokens": 64,
    },
  },
  {
    dialect: "ai_sdk",
    call: {
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.telemetry.metadata.userId": "u1",
      "ai.telemetry.metadata.sessionId": "s1",
      "ai.model.provider": "openai.chat",
      "ai.model.id": "gpt-4o-mini",
      "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"hi"}]}]',
      "ai.response.text": "hello",
      "ai.usage.inputTokens": 120,
      "ai.usage.outputTokens": 45,
      "ai.usage.cachedInputTokens": 64,
    },
  },
  { dialect: "ai_sdk", scope: "gen_ai", call: { ...conventions, ...asker } },
  { dialect: "logfire", call: { ...conventions, ...asker, "logfire.span_type": "span" } },
  {
    dialect: "mastra",
    call: {
      ...conventions,
      "mastra.span.type": "model_inference",
      "mastra.metadata.userId": "u1",
      "mastra.metadata.sessionId": "s1",
    },
  },
  { dialect: "gen_ai", call: { ...conventions, ...asker } },
  { dialect: "gen_ai", call: { ...conventions, ...association } },
];

describe.each(SENDERS)("$dialect", ({ dialect, scope, call }) => {
  const read = (extra: Attributes = {}, given = {}) =>
    readSpan(makeReceivedSpan({ ...call, ...extra }, { ...(scope && { scope }), ...given }));

  test("says the same of the same call", () => {
    expect(read()).toMatchObject({
      dialect,
      kind: "generation",
      provider: "openai",
      requestModel: "gpt-4o-mini",
      input: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "hello" }] }],
      inputTokens: 120,
      outputTokens: 45,
      cachedInputTokens: 64,
      userId: "u1",
      sessionId: "s1",
    });
  });

  test("leaves what it does not know where it is", () => {
    const reading = read({ "app.own": "kept", "app.number": 7 });
    expect(reading.consumed).not.toContain("app.own");
    expect(reading.consumed).not.toContain("app.number");
  });

  test("tells a failure with its type and message", () => {
    const events = [
      { name: "exception", attributes: { "exception.type": "TypeError", "exception.message": "out of stock" } },
    ];
    expect(read({}, { statusCode: 2, events })).toMatchObject({
      status: "error",
      errorType: "TypeError",
      errorMessage: "out of stock",
    });
  });

  test("knows its own sender only", () => {
    const span = makeReceivedSpan(call, scope ? { scope } : {});
    expect(DIALECTS.find(({ matches }) => matches(span))?.id).toBe(dialect);
  });

  test("reads any of its attributes with a value of the wrong kind", () => {
    for (const name of Object.keys(call)) {
      for (const value of [null, 7, true, "", "{", "[null]", '{"role":7}', [[]], ["x", null, 1]]) {
        const span = makeReceivedSpan({ ...call, [name]: value }, scope ? { scope } : {});
        const reading = readSpan(span);
        expect(() => JSON.stringify(reading)).not.toThrow();
        expect(reading.dialect).toBe(DIALECTS.find(({ matches }) => matches(span))?.id);
      }
    }
  });
});

test("every dialect but the plain one is in this table", () => {
  const known = new Set(SENDERS.map(({ dialect }) => dialect));
  expect(DIALECTS.filter(({ id }) => id !== "plain" && !known.has(id))).toEqual([]);
});
