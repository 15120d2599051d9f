import { expect, test } from "vitest";
import { readLogMessages } from "../index.ts";

const eventOf = (name: string, body: unknown, attributes: Record<string, unknown> = {}) => ({
  name,
  time: "2026-01-01T00:00:00.000Z",
  body,
  attributes,
});
const text = (content: string) => ({ type: "text", content });
const hello = { role: "assistant", parts: [text("hello")] };

test("records of before are a message each", () => {
  const messages = readLogMessages([
    eventOf("gen_ai.system.message", { content: "be brief" }, { "gen_ai.system": "openai" }),
    eventOf("gen_ai.user.message", { content: [{ type: "text", text: "hi" }] }),
    eventOf("gen_ai.assistant.message", {
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
    }),
    eventOf("gen_ai.tool.message", { id: "c1", content: "42" }),
    eventOf("gen_ai.choice", { index: 0, finish_reason: "stop", message: { content: "hello" } }),
  ]);
  expect(messages).toEqual({
    input: [
      { role: "system", parts: [text("be brief")] },
      { role: "user", parts: [text("hi")] },
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: {} }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "42" }] },
    ],
    output: [{ ...hello, finish_reason: "stop" }],
  });
});

test("the record of today holds the whole call, also in two halves", () => {
  const asked = {
    "gen_ai.system_instructions": "be brief",
    "gen_ai.input.messages": [{ role: "user", parts: [text("hi")] }],
  };
  const attributes = { "gen_ai.output.messages": [hello] };
  const expected = {
    input: [
      { role: "system", parts: [text("be brief")] },
      { role: "user", parts: [text("hi")] },
    ],
    output: [hello],
  };
  const name = "gen_ai.client.inference.operation.details";
  expect(readLogMessages([eventOf(name, null, { ...asked, ...attributes })])).toEqual(expected);
  expect(readLogMessages([eventOf(name, null, asked), eventOf(name, null, attributes)])).toEqual(expected);
});

test("records that say nothing of messages say nothing", () => {
  expect(
    readLogMessages([eventOf("gen_ai.evaluation.result", { a: 1 }), eventOf("gen_ai.user.message", null)]),
  ).toEqual({});
});
