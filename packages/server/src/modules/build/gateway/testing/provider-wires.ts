import { EventStreamCodec } from "@smithy/eventstream-codec";
import { chatAnswer, chatChunk, type Script, sendJson, toEvents, usageChunk } from "./scripted-upstream.ts";

/** What a model answers: a text, and a call of the tool `send` with arguments. */
export type Said = { readonly text: string; readonly args: Readonly<Record<string, unknown>> };
type Wire = { readonly plain: (said: Said) => object; readonly stream: (said: Said) => Buffer };

const NAME = "send";
/** Short pieces, so that each planted value is cut several times. */
const cut = (text: string): readonly string[] => text.match(/.{1,5}/gsu) ?? [];
const callOf = (args: Said["args"]) => ({
  id: "call_1",
  type: "function",
  function: { name: NAME, arguments: JSON.stringify(args) },
});
const named = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]) =>
  Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));

const chat: Wire = {
  plain: ({ text, args }) => ({
    ...chatAnswer(),
    choices: [
      {
        index: 0,
        finish_reason: "tool_calls",
        message: { role: "assistant", content: text, tool_calls: [callOf(args)] },
      },
    ],
  }),
  stream({ text, args }) {
    const call = callOf(args);
    const begun = { index: 0, ...call, function: { name: NAME, arguments: "" } };
    return Buffer.from(
      toEvents([
        chatChunk({ role: "assistant", content: "" }),
        ...cut(text).map((content) => chatChunk({ content })),
        chatChunk({ tool_calls: [begun] }),
        ...cut(call.function.arguments).map((piece) =>
          chatChunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }),
        ),
        chatChunk({}, "tool_calls"),
        usageChunk(),
        "[DONE]",
      ]),
    );
  },
};

const completions: Wire = {
  plain: ({ text }) => ({ ...chatAnswer(), choices: [{ index: 0, text, finish_reason: "stop", logprobs: null }] }),
  stream: ({ text }) =>
    Buffer.from(
      toEvents([
        ...cut(text).map((one) => ({ ...chatChunk({}), choices: [{ index: 0, text: one, finish_reason: null }] })),
        { ...chatChunk({}), choices: [{ index: 0, text: "", finish_reason: "stop" }] },
        "[DONE]",
      ]),
    ),
};

const responsesAnswer = ({ text, args }: Said) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "gpt-4o",
  status: "completed",
  output: [
    {
      type: "message",
      id: "m",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [] }],
    },
    {
      type: "function_call",
      id: "f",
      call_id: "call_1",
      name: NAME,
      arguments: JSON.stringify(args),
      status: "completed",
    },
  ],
  usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
});
const responses: Wire = {
  plain: responsesAnswer,
  stream(said) {
    const whole = responsesAnswer(said);
    const [message, call] = whole.output;
    const started = { ...whole, status: "in_progress", output: [] };
    return named([
      { type: "response.created", response: started },
      { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } },
      ...cut(said.text).map((delta) => ({
        type: "response.output_text.delta",
        item_id: "m",
        output_index: 0,
        content_index: 0,
        delta,
      })),
      { type: "response.output_text.done", item_id: "m", output_index: 0, content_index: 0, text: said.text },
      { type: "response.output_item.done", output_index: 0, item: message },
      { type: "response.output_item.added", output_index: 1, item: { ...call, arguments: "" } },
      ...cut(JSON.stringify(said.args)).map((delta) => ({
        type: "response.function_call_arguments.delta",
        item_id: "f",
        output_index: 1,
        delta,
      })),
      { type: "response.output_item.done", output_index: 1, item: call },
      { type: "response.completed", response: whole },
    ]);
  },
};

const anthropicAnswer = ({ text, args }: Said) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [
    { type: "text", text },
    { type: "tool_use", id: "toolu_1", name: NAME, input: args },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 2 },
});
const anthropic: Wire = {
  plain: anthropicAnswer,
  stream: (said) =>
    named([
      { type: "message_start", message: { ...anthropicAnswer(said), content: [], stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ...cut(said.text).map((text) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text },
      })),
      { type: "content_block_stop", index: 0 },
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "tool_use", id: "toolu_1", name: NAME, input: {} },
      },
      ...cut(JSON.stringify(said.args)).map((piece) => ({
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: piece },
      })),
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 2 } },
      { type: "message_stop" },
    ]),
};

const geminiAnswer = (parts: readonly object[], finishReason?: string) => ({
  candidates: [{ index: 0, content: { role: "model", parts }, ...(finishReason && { finishReason }) }],
  modelVersion: "gemini-2.5-flash",
  responseId: "r1",
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
});
const gemini: Wire = {
  plain: ({ text, args }) => geminiAnswer([{ text }, { functionCall: { name: NAME, args } }], "STOP"),
  stream: ({ text, args }) =>
    Buffer.from(
      toEvents([
        ...cut(text).map((piece) => geminiAnswer([{ text: piece }])),
        geminiAnswer([{ functionCall: { name: NAME, args } }], "STOP"),
      ]),
    ),
};

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const frame = (type: string, value: object) =>
  Buffer.from(
    codec.encode({
      headers: {
        ":message-type": { type: "string", value: "event" },
        ":event-type": { type: "string", value: type },
        ":content-type": { type: "string", value: "application/json" },
      },
      body: Buffer.from(JSON.stringify(value)),
    }),
  );
const bedrock: Wire = {
  plain: ({ text, args }) => ({
    output: {
      message: {
        role: "assistant",
        content: [{ text }, { toolUse: { toolUseId: "tooluse_1", name: NAME, input: args } }],
      },
    },
    stopReason: "tool_use",
    usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
    metrics: { latencyMs: 1 },
  }),
  stream: ({ text, args }) =>
    Buffer.concat([
      frame("messageStart", { role: "assistant" }),
      ...cut(text).map((piece) => frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } })),
      frame("contentBlockStop", { contentBlockIndex: 0 }),
      frame("contentBlockStart", {
        contentBlockIndex: 1,
        start: { toolUse: { toolUseId: "tooluse_1", name: NAME } },
      }),
      ...cut(JSON.stringify(args)).map((input) =>
        frame("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input } } }),
      ),
      frame("contentBlockStop", { contentBlockIndex: 1 }),
      frame("messageStop", { stopReason: "tool_use" }),
      frame("metadata", { usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 }, metrics: { latencyMs: 1 } }),
    ]),
};

/** By the end of the address that a provider of each kind is asked at. */
const WIRES: readonly (readonly [RegExp, Wire])[] = [
  [/\/chat\/completions$/, chat],
  [/\/completions$/, completions],
  [/\/responses$/, responses],
  [/\/messages$/, anthropic],
  [/:(?:generateContent|streamGenerateContent\?alt=sse)$/, gemini],
  [/\/converse(?:-stream)?$/, bedrock],
];

/** A provider of every kind: it says the same in the format of the address. */
export const sayEverywhere =
  (said: Said): Script =>
  (response, { url, body }) => {
    const wire = WIRES.find(([address]) => address.test(url))?.[1];
    if (!wire) return sendJson(response, 404, { error: { message: `nothing is at ${url}` } });
    const isStream = /streamGenerateContent|converse-stream/.test(url) || JSON.parse(body).stream === true;
    if (!isStream) return sendJson(response, 200, wire.plain(said));
    const type = wire === bedrock ? "application/vnd.amazon.eventstream" : "text/event-stream";
    response.writeHead(200, { "content-type": type }).end(wire.stream(said));
  };
