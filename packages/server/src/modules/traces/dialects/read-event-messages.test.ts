import { expect, test } from "vitest";
import { readLogMessages } from "./index.ts";

const said = (name: string, body: unknown, attributes: Record<string, unknown> = {}) => ({
  name,
  time: "2026-01-01T00:00:00.000Z",
  body,
  attributes,
});
const text = (content: string) => ({ type: "text", content });
const hello = { role: "assistant", parts: [text("hello")] };

test("records of before are a message each", () => {
  const messages = readLogMessages([
    said("gen_ai.system.message", { content: "be brief" }, { "gen_ai.system": "openai" }),
    said("gen_ai.user.message", { content: [{ type: "text", text: "hi" }] }),
    said("gen_ai.assistant.message", {
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
    }),
    said("gen_ai.tool.message", { id: "c1", content: "42" }),
    said("gen_ai.choice", { index: 0, finish_reason: "stop", message: { content: "hello" } }),
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
  const answered = { "gen_ai.output.messages": [hello] };
  const expected = {
    input: [
      { role: "system", parts: [text("be brief")] },
      { role: "user", parts: [text("hi")] },
    ],
    output: [hello],
  };
  const name = "gen_ai.client.inference.operation.details";
  expect(readLogMessages([said(name, null, { ...asked, ...answered })])).toEqual(expected);
  expect(readLogMessages([said(name, null, asked), said(name, null, answered)])).toEqual(expected);
});

test("records that say nothing of messages say nothing", () => {
  expect(readLogMessages([said("gen_ai.evaluation.result", { a: 1 }), said("gen_ai.user.message", null)])).toEqual({});
});
