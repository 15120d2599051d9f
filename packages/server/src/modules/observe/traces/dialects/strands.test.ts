import { expect, test } from "vitest";
import { readSpan } from "./index.ts";
import { makeReceivedSpan } from "./testing/make-received-span.ts";

const scope = "strands.telemetry.tracer";
const text = (content: string) => ({ type: "text", content });
const call = { type: "tool_call", id: "t1", name: "weather", arguments: { city: "Paris" } };
const asked = '[{"text":"How warm is it?"}]';
const toolUse = '[{"text":"I look it up."},{"toolUse":{"toolUseId":"t1","name":"weather","input":{"city":"Paris"}}}]';
const toolResult = '[{"toolResult":{"toolUseId":"t1","status":"success","content":[{"text":"21 degrees"}]}}]';
const common = { "gen_ai.system": "strands-agents", "gen_ai.event.start_time": "2026-01-01T00:00:00+00:00" };

test("a Strands model call retains its tool calls, tool results and answer", () => {
  const reading = readSpan(
    makeReceivedSpan(
      {
        ...common,
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 20,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.total_tokens": 40,
        "gen_ai.usage.cache_read_input_tokens": 15,
        "gen_ai.usage.cache_write_input_tokens": 0,
        "gen_ai.server.time_to_first_token": 180,
      },
      {
        scope,
        events: [
          { name: "gen_ai.user.message", attributes: { content: asked } },
          { name: "gen_ai.assistant.message", attributes: { content: toolUse } },
          { name: "gen_ai.tool.message", attributes: { content: toolResult } },
          { name: "gen_ai.choice", attributes: { finish_reason: "end_turn", message: '[{"text":"21 degrees."}]' } },
        ],
      },
    ),
  );
  expect(reading).toMatchObject({
    dialect: "gen_ai",
    kind: "generation",
    input: [
      { role: "user", parts: [text("How warm is it?")] },
      { role: "assistant", parts: [text("I look it up."), call] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "t1", response: [{ text: "21 degrees" }] }] },
    ],
    output: [{ role: "assistant", parts: [text("21 degrees.")], finish_reason: "end_turn" }],
    timeToFirstTokenMs: 180,
    inputTokens: 35,
    cachedInputTokens: 15,
  });
  expect(reading.readEvents?.map(({ name }) => name)).toHaveLength(4);
});

test("a Strands tool span has the arguments and the result of its events, in both modes", () => {
  const attributes = {
    ...common,
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "weather",
    "gen_ai.tool.call.id": "t1",
  };
  const details = "gen_ai.client.inference.operation.details";
  const modes = [
    [
      { name: "gen_ai.tool.message", attributes: { role: "tool", content: '{"city": "Paris"}', id: "t1" } },
      { name: "gen_ai.choice", attributes: { message: '[{"text": "21 degrees"}]', id: "t1" } },
    ],
    [
      { name: details, attributes: { "gen_ai.input.messages": JSON.stringify([{ role: "tool", parts: [call] }]) } },
      {
        name: details,
        attributes: {
          "gen_ai.output.messages":
            '[{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":[{"text":"21 degrees"}]}]}]',
        },
      },
    ],
  ];
  for (const events of modes) {
    const reading = readSpan(makeReceivedSpan(attributes, { scope, events }));
    expect(reading).toMatchObject({ kind: "tool", input: { city: "Paris" }, output: "21 degrees" });
    expect(reading.readEvents).toHaveLength(2);
  }
});

test("a Strands tool span that says its work in attributes and in events has it once", () => {
  const details = "gen_ai.client.inference.operation.details";
  const result = [{ text: "21 degrees" }];
  const response = { type: "tool_call_response", id: "t1", response: result };
  const reading = readSpan(
    makeReceivedSpan(
      {
        "gen_ai.provider.name": "strands-agents",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.call.arguments": '{"city":"Paris"}',
        "gen_ai.tool.call.result": JSON.stringify(result),
      },
      {
        scope,
        events: [
          { name: details, attributes: { "gen_ai.input.messages": JSON.stringify([{ role: "tool", parts: [call] }]) } },
          {
            name: details,
            attributes: { "gen_ai.output.messages": JSON.stringify([{ role: "tool", parts: [response] }]) },
          },
        ],
      },
    ),
  );
  expect(reading).toMatchObject({ kind: "tool", input: { city: "Paris" }, output: "21 degrees" });
  expect(reading.readEvents).toHaveLength(2);
});

test("a Strands cycle and agent are read from their events", () => {
  const cycle = readSpan(
    makeReceivedSpan(
      { "event_loop.cycle_id": "c1", "gen_ai.event.start_time": "2026-01-01T00:00:00+00:00" },
      {
        scope,
        events: [
          { name: "gen_ai.user.message", attributes: { content: asked } },
          { name: "gen_ai.choice", attributes: { message: toolUse, "tool.result": toolResult } },
        ],
      },
    ),
  );
  expect(cycle).toMatchObject({
    kind: "chain",
    input: [{ role: "user", parts: [text("How warm is it?")] }],
    output: [
      { role: "assistant", parts: [text("I look it up."), call] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "t1", response: [{ text: "21 degrees" }] }] },
    ],
  });
  const agent = readSpan(
    makeReceivedSpan(
      { ...common, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Meteorologist" },
      {
        scope,
        events: [{ name: "gen_ai.choice", attributes: { message: "21 degrees.\n", finish_reason: "end_turn" } }],
      },
    ),
  );
  expect(agent).toMatchObject({
    kind: "agent",
    output: [{ role: "assistant", parts: [text("21 degrees.\n")], finish_reason: "end_turn" }],
  });
});

test("an event that is not read, or only in part, stays an event", () => {
  const reading = readSpan(
    makeReceivedSpan(
      { "gen_ai.operation.name": "chat" },
      {
        events: [
          { name: "gen_ai.user.message", attributes: { content: "hi" } },
          { name: "gen_ai.user.message", attributes: { content: "hi again", "app.channel": "phone" } },
          { name: "gen_ai.choice", attributes: { message: "7" } },
          { name: "gen_ai.choice", attributes: { index: 1, finish_reason: "stop" } },
        ],
      },
    ),
  );
  expect(reading.input).toHaveLength(2);
  expect(reading.output).toEqual([{ role: "assistant", parts: [text("7")] }]);
  expect(reading.readEvents?.map(({ attributes }) => attributes.get("content") ?? attributes.get("message"))).toEqual([
    "hi",
    "7",
  ]);
});
