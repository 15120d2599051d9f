import { describe, expect, test } from "vitest";
import { DIALECTS, readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

test("a span of an unknown dialect is a plain span, and its attributes are stored", () => {
  const span = makeReceivedSpan(
    { "http.request.method": "GET", "url.path": "/x" },
    { resource: { "deployment.environment.name": "staging", "service.version": "1.2.3" } },
  );
  expect(readSpan(span)).toMatchObject({
    dialect: "plain",
    kind: "span",
    environment: "staging",
    release: "1.2.3",
    consumed: [],
  });
});

test("the user is found under the names of every sender", () => {
  for (const name of ["user.id", "enduser.id", "langfuse.user.id", "traceloop.association.properties.user_id"])
    expect(readSpan(makeReceivedSpan({ [name]: "u1" })).userId).toBe("u1");
  for (const name of ["session.id", "gen_ai.conversation.id", "traceloop.association.properties.session_id"])
    expect(readSpan(makeReceivedSpan({ [name]: "s1" })).sessionId).toBe("s1");
});

test("a placeholder for a secret is not a user's name", () => {
  const span = makeReceivedSpan({ session_id: "[Scrubbed due to 'session']", "gen_ai.conversation.id": "talk-1" });
  expect(readSpan(span).sessionId).toBe("talk-1");
});

describe("a failure", () => {
  const exception = (type: string) => ({
    name: "exception",
    attributes: { "exception.type": type, "exception.message": "out of stock" },
  });

  test("says its type and message", () => {
    const span = makeReceivedSpan(
      { "error.type": "500" },
      { statusCode: 2, statusMessage: "x", events: [exception("TypeError")] },
    );
    expect(readSpan(span)).toMatchObject({ status: "error", errorType: "TypeError", errorMessage: "out of stock" });
  });

  test("without an exception comes from the status", () => {
    const span = makeReceivedSpan({ "error.type": "timeout" }, { statusCode: 2, statusMessage: "too slow" });
    expect(readSpan(span)).toMatchObject({ status: "error", errorType: "timeout", errorMessage: "too slow" });
  });

  test("of work that was stopped is a cancellation", () => {
    const span = makeReceivedSpan({}, { statusCode: 2, events: [exception("asyncio.exceptions.CancelledError")] });
    expect(readSpan(span).status).toBe("cancelled");
  });

  test("that was handled does not fail the span", () => {
    expect(readSpan(makeReceivedSpan({}, { events: [exception("TypeError")] })).status).toBeUndefined();
  });
});

test("numbers that cannot be counts are none", () => {
  const reading = readSpan(
    makeReceivedSpan({
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 1e300,
      "gen_ai.usage.output_tokens": -5,
      "gen_ai.usage.reasoning.output_tokens": "many",
    }),
  );
  expect(reading).toMatchObject({ inputTokens: 4_294_967_295, outputTokens: 0, reasoningTokens: 0 });
});

describe("a span made to harm", () => {
  const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
  const signs = [
    {},
    { "openinference.span.kind": "LLM" },
    { "openinference.span.kind": "RETRIEVER" },
    { "gen_ai.operation.name": "chat" },
    { "gen_ai.operation.name": "execute_tool" },
    { "langfuse.observation.type": "generation" },
    { "langsmith.span.kind": "llm" },
    { "traceloop.span.kind": "workflow" },
    { "ai.operationId": "ai.generateText.doGenerate" },
    { "logfire.span_type": "span" },
    { "mlflow.spanType": '"CHAT_MODEL"' },
    { "mastra.span.type": "model_step" },
  ];
  const values = [
    deep,
    '{"__proto__":{"polluted":true}}',
    "null",
    "[null,1,[]]",
    '{"role":{"a":1},"content":7}',
    "\ud800",
    "{",
    "-",
  ];
  const names = [
    ...[
      "gen_ai.input.messages",
      "gen_ai.output.messages",
      "gen_ai.prompt",
      "gen_ai.completion",
      "gen_ai.tool.definitions",
    ],
    ...[
      "gen_ai.tool.call.arguments",
      "gen_ai.system_instructions",
      "gen_ai.usage.raw",
      "gen_ai.response.finish_reasons",
    ],
    ...["llm.invocation_parameters", "llm.input_messages.0.message.content", "metadata", "input.value", "output.value"],
    ...["langfuse.observation.input", "langfuse.observation.output", "langfuse.observation.usage_details"],
    ...["langfuse.observation.model.parameters", "langfuse.observation.completion_start_time", "langfuse.trace.tags"],
    ...[
      "traceloop.entity.input",
      "traceloop.entity.output",
      "ai.prompt.messages",
      "ai.response.toolCalls",
      "ai.values",
    ],
    ...["mlflow.spanInputs", "mlflow.spanOutputs", "mlflow.chat.tokenUsage", "request_data", "response_data", "events"],
    ...["pydantic_ai.all_messages", "mastra.model_step.input", "mastra.model_step.output", "mastra.tags"],
    ...["langsmith.metadata.usage_metadata", "langsmith.metadata.__proto__", "user.id", "tags", "__proto__"],
  ];

  test.each(signs)("is read without an error and leaves every other object as it was (%j)", (sign) => {
    for (const value of values) {
      const span = makeReceivedSpan({ ...sign, ...Object.fromEntries(names.map((name) => [name, value])) });
      const reading = readSpan(span);
      expect(() => JSON.stringify(reading)).not.toThrow();
      // A dialect that gave up would have left the span to the plain one.
      expect(reading.dialect).toBe(DIALECTS.find(({ matches }) => matches(span))?.id);
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

test("every dialect has a unique id and label, and the last accepts any span", () => {
  expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
  expect(DIALECTS.every(({ label }) => label !== "")).toBe(true);
  expect(DIALECTS.at(-1)?.matches(makeReceivedSpan({}))).toBe(true);
});
