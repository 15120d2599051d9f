import { expect, test } from "vitest";
import { playgroundHash, requestIn } from "./playground-hash.ts";
import { initialState, messagesFor, newColumn, newMessage, problemOf, requestOf } from "./playground-state.ts";
import { columnFrom } from "./read-request.ts";

test("a request survives the way through an address, whatever it says", () => {
  const request = { model: "a/b", messages: [{ role: "user", content: "Füße 🦶 & <b>#?=%" }] };
  expect(requestIn(`#${playgroundHash(request)}`)).toEqual(request);
  expect([requestIn(""), requestIn("#request=%%%"), requestIn("#request=AAAA"), requestIn("#other=1")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a recorded request comes back as it was sent, fields without a control included", () => {
  const request = {
    model: "support",
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Where is it?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: { name: "track", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "1", content: "on its way" },
    ],
    tools: [{ type: "function", function: { name: "track" } }],
    temperature: 0.2,
    max_tokens: 64,
    stop: ["END", "STOP"],
    response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema: { type: "object" } } },
  };
  const column = columnFrom(request);
  expect(requestOf(column, column.messages)).toEqual(request);
});

test("an empty field and an empty message are not sent", () => {
  const column = { ...newColumn("m"), parameters: { format: "text", schema: "", isStreamed: true } as const };
  expect(requestOf(column, [newMessage("system", " "), newMessage("user", "Hi")])).toEqual({
    model: "m",
    messages: [{ role: "user", content: "Hi" }],
  });
});

test("missing values are reported before a request", () => {
  const column = newColumn("m");
  const asked = [newMessage("user", "Hi")];
  expect(problemOf(newColumn(""), asked)).toBe("Choose a model first.");
  expect(problemOf(column, [newMessage("user")])).toBe("Write a message first.");
  expect(
    problemOf({ ...column, parameters: { ...column.parameters, format: "json_schema", schema: "{" } }, asked),
  ).toBe("The JSON schema is not valid JSON.");
  expect(problemOf(column, asked)).toBeUndefined();
});

test("columns share one prompt until they are separated", () => {
  const state = initialState(["a", "b"]);
  const [first] = state.columns;
  if (!first) throw new Error("no column");
  const own = { ...first, messages: [newMessage("user", "own")] };
  expect(state.columns.map(({ model }) => model)).toEqual(["a", "b"]);
  expect(messagesFor(state, own)).toBe(state.messages);
  expect(messagesFor({ ...state, isShared: false }, own)).toBe(own.messages);
});
