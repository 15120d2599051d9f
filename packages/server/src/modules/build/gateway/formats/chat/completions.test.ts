import type { CompletionRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import type { ChatChunk } from "../hub/hub.ts";
import { completionsFormat } from "./completions.ts";

const ask = (request: Partial<CompletionRequest>) =>
  completionsFormat.toChat({ model: "m", prompt: "Once", ...request });
const logprobs = {
  content: [
    {
      token: " upon",
      logprob: -0.1,
      bytes: [32],
      top_logprobs: [
        { token: " upon", logprob: -0.1 },
        { token: " I", logprob: -2 },
      ],
    },
    { token: " a", logprob: -0.2, bytes: [32, 97], top_logprobs: [] },
  ],
};

test("a prompt becomes a user's message, alone or in a list of one", () => {
  const wanted = {
    model: "m",
    max_tokens: 5,
    logprobs: true,
    top_logprobs: 2,
    messages: [{ role: "user", content: "Once" }],
  };
  expect(ask({ max_tokens: 5, logprobs: 2 })).toEqual(wanted);
  for (const best_of of [0, 1])
    expect(ask({ prompt: ["Once"], max_tokens: 5, logprobs: 2, echo: false, suffix: null, best_of })).toEqual(wanted);
});

test.each([
  [{ prompt: ["a", "b"] }, "unprocessable", "prompt"],
  [{ prompt: [1, 2] }, "unprocessable", "prompt"],
  [{ prompt: [[1, 2]] }, "unprocessable", "prompt"],
  [{ prompt: "" }, "invalid_request", "prompt"],
  [{ echo: true }, "unprocessable", "echo"],
  [{ suffix: "end" }, "unprocessable", "suffix"],
  [{ best_of: 3 }, "unprocessable", "best_of"],
  [{ max_tokens: 0 }, "unprocessable", "max_tokens"],
])("what a chat model cannot do is refused: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
});

test("an answer has the old shape, its log-probabilities in columns", () => {
  const response = {
    id: "x",
    object: "chat.completion" as const,
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: " upon a" }, finish_reason: "length", logprobs }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };
  expect(completionsFormat.fromChat(response, { model: "m", prompt: "Once" })).toEqual({
    id: "x",
    object: "text_completion",
    created: 1,
    model: "m",
    choices: [
      {
        text: " upon a",
        index: 0,
        logprobs: {
          tokens: [" upon", " a"],
          token_logprobs: [-0.1, -0.2],
          top_logprobs: [{ " upon": -0.1, " I": -2 }, {}],
          text_offset: [0, 5],
        },
        finish_reason: "length",
      },
    ],
    usage: response.usage,
  });
});

test("a stream has the old shape, text offsets running on, and usage only where it was asked", () => {
  const chunk = (delta: object, more: object = {}): ChatChunk => ({
    id: "x",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  });
  const one = (content: string, token: string) =>
    chunk({ content }, { logprobs: { content: [{ token, logprob: -1, top_logprobs: [] }] } });
  const last = { ...chunk({}), choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
  const write = (include_usage: boolean) => {
    const writer = completionsFormat.streamWriter(
      { model: "m", prompt: "Once", stream_options: { include_usage } },
      { id: "y", model: "m", now: 0 },
    );
    const text =
      [
        chunk({ role: "assistant", content: "" }),
        one(" upon", " upon"),
        one(" a", " a"),
        chunk({}, { finish_reason: "stop" }),
        last,
      ]
        .map((each) => writer.write(each))
        .join("") + writer.end();
    return text
      .trim()
      .split("\n\n")
      .map((line) => line.slice(6));
  };
  const lines = write(false);
  expect(lines.pop()).toBe("[DONE]");
  expect(lines.map((line) => JSON.parse(line).choices[0])).toMatchObject([
    { text: " upon", logprobs: { text_offset: [0] }, finish_reason: null },
    { text: " a", logprobs: { text_offset: [5] } },
    { text: "", finish_reason: "stop" },
  ]);
  expect(JSON.parse(write(true).at(-2) ?? "")).toMatchObject({
    object: "text_completion",
    choices: [],
    usage: { total_tokens: 3 },
  });
});
