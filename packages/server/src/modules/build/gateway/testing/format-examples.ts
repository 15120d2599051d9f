import type { ChatFormatId as ChatFormat, FormatId } from "../formats/formats.ts";
import { chatAnswer, chatChunk, toEvents, usageChunk } from "./scripted-upstream.ts";

/** The request of a format with a text of the user. */
export const REQUESTS: Readonly<Record<FormatId, (text: string) => { model: string; [field: string]: unknown }>> = {
  chat: (text) => ({ model: "openai/gpt-4o", messages: [{ role: "user", content: text }] }),
  completions: (text) => ({ model: "openai/gpt-4o", prompt: text }),
  embeddings: (text) => ({ model: "openai/embed", input: [text] }),
  responses: (text) => ({ model: "openai/gpt-4o", input: [{ role: "user", content: [{ type: "input_text", text }] }] }),
  messages: (text) => ({
    model: "anthropic/claude-x",
    max_tokens: 9,
    messages: [{ role: "user", content: [{ type: "text", text }] }],
  }),
};

const responsesAnswer = (text: string) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "gpt-4o",
  status: "completed",
  output: [{ type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] }],
  usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
});
const message = (content: readonly object[], more: object = {}) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content,
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 2 },
  ...more,
});

/** The whole answers of the formats with a text. */
export const ANSWERS: Readonly<Record<ChatFormat, (text: string) => object>> = {
  chat: (text) => chatAnswer(text),
  completions: (text) => ({ ...chatAnswer(), choices: [{ index: 0, text, finish_reason: "stop", logprobs: null }] }),
  responses: responsesAnswer,
  messages: (text) => message([{ type: "text", text }]),
};
const named = (events: readonly { type: string }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** The bytes of a stream whose text comes one character at a time. */
export const STREAMS: Readonly<Record<ChatFormat, (text: string) => string>> = {
  chat: (text) =>
    toEvents([
      chatChunk({ role: "assistant", content: "" }),
      ...[...text].map((content) => chatChunk({ content })),
      chatChunk({}, "stop"),
      usageChunk(),
      "[DONE]",
    ]),
  completions: (text) =>
    toEvents([
      ...[...text].map((one) => ({ ...chatChunk({}), choices: [{ index: 0, text: one, finish_reason: null }] })),
      { ...chatChunk({}), choices: [{ index: 0, text: "", finish_reason: "stop" }] },
      "[DONE]",
    ]),
  responses: (text) =>
    named([
      { type: "response.created" },
      ...[...text].map((delta) => ({ type: "response.output_text.delta", delta })),
      { type: "response.completed", response: responsesAnswer(text) } as { type: string },
    ]),
  messages: (text) =>
    named([
      { type: "message_start", message: message([], { stop_reason: null }) } as { type: string },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string },
      ...[...text].map((one) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text: one },
      })),
      { type: "content_block_stop", index: 0 } as { type: string },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } } as { type: string },
      { type: "message_stop" },
    ]),
};

/** The events of a stream that are objects. */
export const dataOf = (text: string): Record<string, unknown>[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? ""));
/** The text of a stream, in any format. */
export const streamedText = (text: string) =>
  dataOf(text)
    .map((event) => {
      const { choices, delta, type } = event as {
        choices?: { text?: string; delta?: { content?: string } }[];
        delta?: string | { text?: string };
        type?: string;
      };
      if (type === "response.output_text.delta") return delta;
      if (typeof delta === "object") return delta.text ?? "";
      return choices?.map((choice) => choice.text ?? choice.delta?.content ?? "").join("") ?? "";
    })
    .join("");
