import { expect, test } from "vitest";
import { messagesFormat } from "../../formats/messages/messages.ts";
import { wholeChunk, wholeResponse } from "./whole-choices.ts";

const callOf = (call: unknown) => ({ id: "a", model: "m", choices: [{ index: 0, message: { tool_calls: [call] } }] });
const calls = (call: unknown) => wholeResponse(callOf(call)).choices[0]?.message.tool_calls;

test("arguments that come as a value where OpenAI has its text are that text", () => {
  const given = { id: "c", type: "function", function: { name: "f", arguments: { city: "Bern" } } };
  const text = { ...given, function: { name: "f", arguments: '{"city":"Bern"}' } };
  expect(calls(given)).toEqual([text]);
  expect(calls(text)).toEqual([text]);
  const chunk = (call: object) => ({
    id: "a",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call }] }, finish_reason: null }],
  });
  expect(wholeChunk(chunk(given))).toEqual(chunk(text));
  const message = messagesFormat.fromChat(wholeResponse(callOf(given)), { model: "m", messages: [], max_tokens: 1 });
  expect(message).toMatchObject({ content: [{ type: "tool_use", id: "c", name: "f", input: { city: "Bern" } }] });
});

test("of a call, what is neither a text nor can be one is left out, and what is more stays", () => {
  expect(calls({ id: 7, function: { name: null, arguments: 5 } })).toEqual([{ id: "7", function: {} }]);
  expect(calls({ id: {}, extra: 1, function: { name: "f", arguments: "{}", more: 2 } })).toEqual([
    { extra: 1, function: { name: "f", arguments: "{}", more: 2 } },
  ]);
  expect(calls({ function: null })).toEqual([{ function: {} }]);
});

test("a chunk that is whole already comes back as it is", () => {
  const whole = {
    id: "a",
    model: "m",
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: "{" } }] }, finish_reason: null }],
  };
  expect(wholeChunk(whole)).toBe(whole);
});
