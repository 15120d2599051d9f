import { expect, test } from "vitest";
import { contentOf, contentOfVersion, draftFrom, isSameContent, newDraft } from "./prompt-draft.ts";
import type { PromptVersion } from "./use-prompts.ts";

const facts = {
  promptId: "p",
  name: "support/reply",
  version: 3,
  labels: ["latest"],
  message: "",
  author: "Ada",
  createdAt: "2026-01-01T00:00:00.000Z",
  contentHash: "0",
};
const chat: PromptVersion = {
  ...facts,
  type: "chat",
  format: "mustache",
  messages: [{ role: "system", content: "Be kind to {{customer}}." }, { placeholder: "history" }],
  inputs: { type: "object", properties: { customer: { type: "string" } }, required: ["customer"] },
  model: "support",
  parameters: { temperature: 0.2, stop: ["END"], logit_bias: { "1": 2 } },
  tools: [{ type: "function", function: { name: "look_up" } }],
  responseFormat: { type: "json_object" },
};

test("an unchanged draft of a version equals the version", () => {
  const reading = contentOf(draftFrom(chat, 3));
  expect("content" in reading && isSameContent(reading.content, contentOfVersion(chat))).toBe(true);
});

test("a text prompt is read back as it was, without a model and with nothing set", () => {
  const text: PromptVersion = {
    ...facts,
    type: "text",
    template: "Hello {{name}}",
    format: "liquid",
    inputs: null,
    model: null,
    parameters: {},
    tools: [],
    responseFormat: null,
  };
  const reading = contentOf(draftFrom(text, 3));
  expect(reading).toEqual({ content: contentOfVersion(text) });
});

test("a parameter is taken out by emptying its field", () => {
  const draft = draftFrom(chat, 3);
  const reading = contentOf({ ...draft, parameters: { ...draft.parameters, temperature: undefined } });
  expect("content" in reading && reading.content.parameters).toEqual({ stop: ["END"], logit_bias: { "1": 2 } });
});

test("each wrong field has its sentence", () => {
  const reading = contentOf({
    ...newDraft(),
    inputs: "{",
    tools: "{}",
    responseFormat: "[]",
    moreParameters: '{"model": "x"}',
  });
  expect(reading).toMatchObject({
    problems: {
      inputs: "This is not valid JSON.",
      tools: "This must be a JSON list.",
      responseFormat: "This must be a JSON object.",
      moreParameters: expect.stringContaining("must hold none of model"),
    },
  });
});

test("a placeholder without a name is reported as the message it is", () => {
  const reading = contentOf({ ...newDraft(), messages: [{ id: "a", placeholder: "" }] });
  expect("problems" in reading && reading.problems.messages).toMatch(/^Message 1: /);
});
