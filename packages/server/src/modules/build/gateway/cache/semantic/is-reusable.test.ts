import { expect, test } from "vitest";
import type { ChatResponse } from "../../formats/hub/hub.ts";
import { chatAnswer } from "../../testing/scripted-upstream.ts";
import { isReusable } from "./is-reusable.ts";

const answer = (content: string, more: object = {}, finish = "stop"): ChatResponse => ({
  ...chatAnswer(),
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content, ...more }, finish_reason: finish }],
});

test("a whole text can be repeated", () => {
  expect(isReusable(answer("Paris."))).toBe(true);
  expect(isReusable(answer("Sorry is a word of Germanic origin."))).toBe(true);
});

test.each([
  ["a refusal", answer("I'm sorry, but I can't help with that.")],
  ["another refusal", answer("I cannot provide medical advice.")],
  ["a refusal field", answer("Text", { refusal: "No." })],
  ["a tool call", answer("Text", { tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] })],
  ["a cut answer", answer("Paris is", {}, "length")],
  ["a filtered answer", answer("Paris", {}, "content_filter")],
  ["an empty answer", answer(" ")],
  ["two choices", { ...answer("a"), choices: [...answer("a").choices, ...answer("b").choices] }],
])("%s is not repeated", (_what, response) => {
  expect(isReusable(response)).toBe(false);
});
