import type { MessagesRequest } from "@treadle/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatChunk, ChatMessage, ChatResponse } from "../hub/hub.ts";
import { createEventReader } from "../hub/server-events.ts";
import { messagesFormat } from "./messages.ts";

const base = { model: "m", max_tokens: 100 };
const ask = (request: Partial<MessagesRequest>) =>
  messagesFormat.toChat({ ...base, messages: [{ role: "user", content: "Hi" }], ...request });
const responseWith = (message: Partial<ChatMessage>, finish = "stop"): ChatResponse => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: finish }],
  usage: {
    prompt_tokens: 30,
    completion_tokens: 4,
    total_tokens: 34,
    prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 3 },
  },
});
type Message = { content: Record<string, unknown>[]; [more: string]: unknown };
const answer = (response: ChatResponse) =>
  messagesFormat.fromChat(response, { ...base, messages: [{ role: "user" }] }) as Message;

const chunk = (delta: ChatChunk["choices"][number]["delta"], finish: string | null = null): ChatChunk => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const usageChunk: ChatChunk = { ...chunk({}), choices: [], usage: responseWith({}).usage };

type Event = { type: string; index?: number; [more: string]: unknown };
function write(chunks: readonly ChatChunk[]): Event[] {
  const writer = messagesFormat.streamWriter(
    { ...base, messages: [{ role: "user" }] },
    { id: "id", model: "m", now: 1_000 },
  );
  const text = chunks.map((one) => writer.write(one)).join("") + writer.end();
  const reader = createEventReader();
  return reader.push(new TextEncoder().encode(text)).map(({ event, data }) => {
    const value = JSON.parse(data);
    expect(value.type).toBe(event);
    return value;
  });
}

/** Puts a stream's blocks together as Anthropic's clients do; a block must be open to grow, and one at a time is. */
function gather(events: readonly Event[]): Record<string, unknown>[] {
  const blocks: Record<string, unknown>[] = [];
  let json = "";
  let open = -1;
  for (const event of events) {
    if (event.type === "content_block_start") {
      expect([open, event.index]).toEqual([-1, blocks.length]);
      open = blocks.push({ ...(event.content_block as object) }) - 1;
      json = "";
    } else if (event.type === "content_block_delta") {
      expect(event.index).toBe(open);
      const block = blocks[open] ?? {};
      const delta = event.delta as Record<string, string>;
      if (delta.type === "text_delta") block.text = `${block.text}${delta.text}`;
      else if (delta.type === "thinking_delta") block.thinking = `${block.thinking}${delta.thinking}`;
      else if (delta.type === "signature_delta") block.signature = delta.signature;
      else json += delta.partial_json;
    } else if (event.type === "content_block_stop") {
      expect(event.index).toBe(open);
      const block = blocks[open] ?? {};
      if (block.type === "tool_use") block.input = JSON.parse(json || "{}");
      open = -1;
    }
  }
  expect(open).toBe(-1);
  return blocks;
}

test("a request is read whole: system, pictures, documents, tool results before the text, tools, choice and limits", () => {
  const request = ask({
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      { role: "user", content: "Look" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "sig" },
          { type: "text", text: "Sure." },
          { type: "tool_use", id: "t1", name: "get_time", input: { zone: "CET" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "And?" },
          { type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "noon" }], is_error: true },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBOR" } },
          { type: "document", title: "a.pdf", source: { type: "base64", media_type: "application/pdf", data: "JVBE" } },
        ],
      },
    ],
    tools: [{ name: "get_time", description: "Now", input_schema: { type: "object" } }],
    tool_choice: { type: "tool", name: "get_time", disable_parallel_tool_use: true },
    stop_sequences: ["END"],
    temperature: 0.5,
    top_k: 3,
    metadata: { user_id: "u1" },
    thinking: { type: "enabled", budget_tokens: 10_000 },
    stream: true,
  });
  expect(request).toEqual({
    model: "m",
    max_tokens: 100,
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    top_k: 3,
    stop: ["END"],
    user: "u1",
    reasoning_effort: "medium",
    parallel_tool_calls: false,
    tool_choice: { type: "function", function: { name: "get_time" } },
    tools: [{ type: "function", function: { name: "get_time", description: "Now", parameters: { type: "object" } } }],
    messages: [
      { role: "system", content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }] },
      { role: "user", content: "Look" },
      {
        role: "assistant",
        content: "Sure.",
        reasoning_content: "Hm.",
        reasoning_details: [
          { type: "reasoning.text", text: "Hm.", signature: "sig", format: "anthropic-claude-v1", index: 0 },
        ],
        tool_calls: [{ id: "t1", type: "function", function: { name: "get_time", arguments: '{"zone":"CET"}' } }],
      },
      { role: "tool", tool_call_id: "t1", content: "noon", is_error: true },
      {
        role: "user",
        content: [
          { type: "text", text: "And?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } },
          { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
        ],
      },
    ],
  });
});

test.each([
  [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "unprocessable", "tools[0].type"],
  [{ mcp_servers: [{ name: "x" }] }, "unprocessable", "mcp_servers"],
  [
    { messages: [{ role: "user", content: [{ type: "image", source: { type: "file", file_id: "f" } }] }] },
    "unprocessable",
    "messages[0].content[0].source.type",
  ],
  [
    { messages: [{ role: "user", content: [{ type: "tool_result" }] }] },
    "invalid_request",
    "messages[0].content[0].tool_use_id",
  ],
  [
    { messages: [{ role: "assistant", content: [{ type: "server_tool_use" }] }] },
    "unprocessable",
    "messages[0].content[0].type",
  ],
  [{ messages: [{ role: "user", content: 7 }] }, "invalid_request", "messages[0].content"],
  [{ messages: [{ role: "tool", content: "x" }] }, "invalid_request", "messages[0].role"],
  [{ tool_choice: { type: "maybe" } }, "invalid_request", "tool_choice.type"],
])("a request that no other model can be given is refused with its place: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
});

test("what asks for nothing that only Anthropic can do is no reason to refuse", () => {
  expect(() => ask({ mcp_servers: [], container: null })).not.toThrow();
});

test("an answer is written with cached tokens apart from the input", () => {
  expect(answer(responseWith({ content: "Hi" }))).toMatchObject({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: "Hi" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 7, cache_read_input_tokens: 20, cache_creation_input_tokens: 3, output_tokens: 4 },
  });
});

test.each([
  ["length", "max_tokens"],
  ["content_filter", "refusal"],
  ["tool_calls", "tool_use"],
  ["something_new", "end_turn"],
])("finish reason %s becomes %s", (finish, stop) => {
  expect(answer(responseWith({ content: "x" }, finish)).stop_reason).toBe(stop);
});

test("a tool call decides the stop reason, and arguments that are not an object are stored under a name", () => {
  const calls = [
    { id: "a", function: { name: "f", arguments: '{"x":1}' } },
    { id: "b", function: { name: "g", arguments: "{broken" } },
    { id: "c", function: { name: "h", arguments: "" } },
  ];
  const message = answer(responseWith({ tool_calls: calls }, "stop"));
  expect(message.stop_reason).toBe("tool_use");
  expect(message.content.map((block) => block.input)).toEqual([{ x: 1 }, { INVALID_JSON: "{broken" }, {}]);
});

test("an answer that a stop sequence ended names it, streamed or whole", () => {
  const stop = { stop_reason: "stop_sequence", stop_sequence: "END" };
  const whole = responseWith({ content: "a" });
  const choices = whole.choices.map((choice) => ({ ...choice, stop_sequence: "END" }));
  expect(answer({ ...whole, choices })).toMatchObject(stop);
  const last = chunk({}, "stop");
  const ended = { ...last, choices: last.choices.map((choice) => ({ ...choice, stop_sequence: "END" })) };
  expect(write([chunk({ content: "a" }), ended])).toContainEqual(expect.objectContaining({ delta: stop }));
});

test("a refusal is shown as text and as the reason", () => {
  expect(answer(responseWith({ refusal: "I cannot." }, "stop"))).toMatchObject({
    stop_reason: "refusal",
    content: [{ type: "text", text: "I cannot." }],
  });
});

const details = fc.constantFrom<Record<string, string | number>[]>(
  [],
  [{ type: "reasoning.text", text: "Hm.", signature: "sig", format: "anthropic-claude-v1", index: 0 }],
  [{ type: "reasoning.encrypted", data: "secret", format: "anthropic-claude-v1", index: 0 }],
  [{ type: "reasoning.encrypted", data: "SIG", format: "google-gemini-v1", id: "call_0" }],
);
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const hubMessage = fc
  .record({
    content: words,
    reasoning_details: details,
    calls: fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 3 }),
  })
  .map(({ content, reasoning_details, calls }) => {
    const text = reasoning_details[0]?.text;
    const reasoning = typeof text === "string" ? text : undefined;
    return {
      content,
      ...(reasoning !== undefined && { reasoning_content: reasoning }),
      ...(reasoning_details.length > 0 && { reasoning_details }),
      ...(calls.length > 0 && {
        tool_calls: calls.map((input, index) => ({
          id: `call_${index}`,
          type: "function" as const,
          function: { name: `f${index}`, arguments: JSON.stringify(input) },
        })),
      }),
    };
  });

test("what an answer says, thinks and calls comes back unchanged with the next request, thoughts of other makers too", () => {
  fc.assert(
    fc.property(hubMessage, (message) => {
      const { content } = answer(responseWith(message));
      const back = ask({
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: JSON.parse(JSON.stringify(content)) },
        ],
      }).messages[1];
      expect(back).toEqual({ role: "assistant", ...JSON.parse(JSON.stringify(message)) });
    }),
  );
});

test("a streamed answer is the same as a whole one", () => {
  fc.assert(
    fc.property(hubMessage, ({ content, reasoning_content, reasoning_details, tool_calls }) => {
      const chunks = [
        chunk({ role: "assistant", content: "" }),
        ...(reasoning_content === undefined
          ? []
          : [...reasoning_content].map((piece) => chunk({ reasoning_content: piece }))),
        ...(reasoning_details ?? []).map((detail) => chunk({ reasoning_details: [detail] })),
        ...[...content].map((piece) => chunk({ content: piece })),
        ...(tool_calls ?? []).flatMap((call, index) => [
          chunk({ tool_calls: [{ ...call, index, function: { name: call.function.name, arguments: "" } }] }),
          ...(call.function.arguments.match(/.{1,5}/gsu) ?? []).map((piece) =>
            chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
          ),
        ]),
        chunk({}, tool_calls ? "tool_calls" : "stop"),
        usageChunk,
      ];
      const events = write(chunks);
      const whole = answer(
        responseWith({ content, reasoning_content, reasoning_details, tool_calls }, tool_calls ? "tool_calls" : "stop"),
      );
      expect(gather(events)).toEqual(JSON.parse(JSON.stringify(whole.content)));
      expect(events[0]).toMatchObject({
        type: "message_start",
        message: { id: "msg_1", content: [], stop_reason: null },
      });
      expect(events.at(-2)).toMatchObject({
        type: "message_delta",
        delta: { stop_reason: whole.stop_reason },
        usage: { input_tokens: 7, output_tokens: 4 },
      });
      expect(events.at(-1)).toEqual({ type: "message_stop" });
    }),
  );
});

test("thoughts that come only as details, as some servers send them, are shown once", () => {
  const events = write([
    chunk({ reasoning_details: [{ type: "reasoning.text", text: "Hm" }] }),
    chunk({ reasoning_details: [{ type: "reasoning.text", text: "m." }] }),
    chunk({ content: "Hi" }),
    chunk({}, "stop"),
  ]);
  expect(gather(events)).toEqual([
    { type: "thinking", thinking: "Hmm.", signature: "" },
    { type: "text", text: "Hi" },
  ]);
});

test("a whole answer sent as a stream retains each thought with its signature", () => {
  const reasoningPart = (text: string, index: number) => ({
    type: "reasoning.text",
    text,
    signature: `sig-${text}`,
    format: "anthropic-claude-v1",
    index,
  });
  const secret = { type: "reasoning.encrypted", data: "secret", format: "anthropic-claude-v1", index: 1 };
  const message = {
    reasoning_content: "ab",
    reasoning_details: [reasoningPart("a", 0), secret, reasoningPart("b", 2)],
    content: "Hi",
  };
  expect(gather(write([chunk(message), chunk({}, "stop")]))).toEqual([
    { type: "thinking", thinking: "a", signature: "sig-a" },
    { type: "redacted_thinking", data: "secret" },
    { type: "thinking", thinking: "b", signature: "sig-b" },
    { type: "text", text: "Hi" },
  ]);
});

test("pieces of calls that come mixed are an error, not a wrong call", () => {
  const piece = (index: number) =>
    chunk({ tool_calls: [{ index, id: `${index}`, function: { name: "f", arguments: "{" } }] });
  expect(() => write([piece(0), piece(1), piece(0)])).toThrow(/mixed/);
});

test("a stream that broke says so in Anthropic's shape", () => {
  const writer = messagesFormat.streamWriter(
    { ...base, messages: [{ role: "user" }] },
    { id: "id", model: "m", now: 0 },
  );
  expect(writer.fail({ code: "rate_limited", message: "Slow down.", status: 429 })).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}\n\n',
  );
});
