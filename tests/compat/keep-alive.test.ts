import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

/** A stream with comments before, between and after its events, as the gateway sends them while guards hold it. */
const fetchOf = (events: readonly (object | string)[]) => async () => {
  const lines = events.map((event) => {
    const data = `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`;
    return typeof event === "object" && "type" in event ? `event: ${event.type}\n${data}` : data;
  });
  return new Response(`: keep-alive\n\n${lines.join(": keep-alive\n\n: keep-alive\n\n")}: keep-alive\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
};
const chunk = (delta: object, finish: string | null = null) => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

test("openai reads a chat stream with keep-alive comments", async () => {
  const fetch = fetchOf([chunk({ content: "Hel" }), chunk({ content: "lo" }), chunk({}, "stop"), "[DONE]"]);
  const client = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0, fetch });
  const stream = await client.chat.completions.create({ model: "m", messages: [], stream: true });
  let text = "";
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
  expect(text).toBe("Hello");
});

test("openai reads a response stream with keep-alive comments", async () => {
  const response = { id: "r", object: "response", status: "completed", output: [] };
  const fetch = fetchOf([
    { type: "response.created", response, sequence_number: 0 },
    { type: "response.output_text.delta", delta: "Hello", item_id: "m", output_index: 0, content_index: 0 },
    { type: "response.completed", response, sequence_number: 2 },
  ]);
  const client = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0, fetch });
  const types: string[] = [];
  for await (const { type } of await client.responses.create({ model: "m", input: "Hi", stream: true }))
    types.push(type);
  expect(types).toEqual(["response.created", "response.output_text.delta", "response.completed"]);
});

test("@anthropic-ai/sdk reads a stream with keep-alive comments", async () => {
  const message = { id: "m", type: "message", role: "assistant", model: "m", content: [], usage: { input_tokens: 1 } };
  const fetch = fetchOf([
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ]);
  const client = new Anthropic({ apiKey: "k", baseURL: "http://127.0.0.1:9", maxRetries: 0, fetch });
  const stream = client.messages.stream({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] });
  expect(await stream.finalText()).toBe("Hello");
});
