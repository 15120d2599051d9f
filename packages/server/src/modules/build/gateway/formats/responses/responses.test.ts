import type { ResponsesRequest } from "@treadle/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatChunk, ChatMessage, ChatResponse } from "../hub/hub.ts";
import { createEventReader } from "../hub/server-events.ts";
import { responsesFormat } from "./responses.ts";

const ask = (request: Partial<ResponsesRequest>) => responsesFormat.toChat({ model: "m", input: "Hi", ...request });
const usage = {
  prompt_tokens: 30,
  completion_tokens: 9,
  total_tokens: 39,
  prompt_tokens_details: { cached_tokens: 20 },
  completion_tokens_details: { reasoning_tokens: 5 },
};
const responseWith = (message: Partial<ChatMessage>, finish = "stop"): ChatResponse => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 7,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: finish }],
  usage,
});
type Item = Record<string, unknown>;
type Response = { output: Item[]; [more: string]: unknown };
const answer = (response: ChatResponse, request: Partial<ResponsesRequest> = {}) =>
  responsesFormat.fromChat(response, { model: "m", input: "Hi", ...request }) as Response;

const chunk = (delta: ChatChunk["choices"][number]["delta"], finish: string | null = null): ChatChunk => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 7,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

type Event = {
  type: string;
  sequence_number: number;
  output_index: number;
  item: Item;
  response: Response;
  delta: string;
  [more: string]: unknown;
};
function write(chunks: readonly ChatChunk[], failure?: { code: string; message: string; status: number }): Event[] {
  const writer = responsesFormat.streamWriter({ model: "m", input: "Hi" }, { id: "resp_1", model: "m", now: 7_000 });
  const text = chunks.map((one) => writer.write(one)).join("") + (failure ? writer.fail(failure) : writer.end());
  const events = createEventReader()
    .push(new TextEncoder().encode(text))
    .map(({ event, data }) => {
      const value = JSON.parse(data);
      expect(value.type).toBe(event);
      return value;
    });
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  return events;
}
const types = (events: readonly Event[]) => events.map((event) => event.type.replace("response.", ""));

/** Ids differ between a stream and a whole answer; everything else must not. */
const withoutIds = (items: readonly Item[]) => items.map(({ id: _, ...item }) => item);

test("items become messages: what the assistant thought, said and called between two inputs is one message", () => {
  const request = ask({
    instructions: "Be brief.",
    input: [
      { role: "developer", content: "Rules." },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "See" },
          { type: "input_image", image_url: "data:image/png;base64,iVBOR", detail: "low" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" },
        ],
      },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: "gAAAAA" },
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [
          { type: "output_text", text: "Look", annotations: [] },
          { type: "output_text", text: "ing.", annotations: [] },
        ],
      },
      { type: "function_call", id: "fc_1", call_id: "c1", name: "get_time", arguments: '{"zone":"CET"}' },
      { type: "function_call", id: "fc_2", call_id: "c2", name: "get_weather", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "noon" },
      { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "rain" }] },
      { role: "assistant", content: "It rains at noon." },
      { role: "user", content: "Thanks" },
    ],
  });
  expect(request.messages).toEqual([
    { role: "system", content: "Be brief." },
    { role: "system", content: "Rules." },
    {
      role: "user",
      content: [
        { type: "text", text: "See" },
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR", detail: "low" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
      ],
    },
    {
      role: "assistant",
      content: "Looking.",
      reasoning_content: "Hm.",
      tool_calls: [
        { id: "c1", type: "function", function: { name: "get_time", arguments: '{"zone":"CET"}' } },
        { id: "c2", type: "function", function: { name: "get_weather", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "noon" },
    { role: "tool", tool_call_id: "c2", content: "rain" },
    { role: "assistant", content: "It rains at noon." },
    { role: "user", content: "Thanks" },
  ]);
});

test("parameters are translated", () => {
  const schema = { type: "object", properties: {} };
  expect(
    ask({
      max_output_tokens: 50,
      temperature: 0.5,
      tools: [{ type: "function", name: "f", description: "d", parameters: schema, strict: true }],
      tool_choice: { type: "function", name: "f" },
      parallel_tool_calls: false,
      text: { format: { type: "json_schema", name: "t", schema, strict: true }, verbosity: "low" },
      reasoning: { effort: "low", summary: "auto" },
      include: ["message.output_text.logprobs"],
      top_logprobs: 2,
      stream: true,
      user: "u1",
    }),
  ).toEqual({
    model: "m",
    messages: [{ role: "user", content: "Hi" }],
    max_tokens: 50,
    temperature: 0.5,
    tools: [{ type: "function", function: { name: "f", description: "d", parameters: schema, strict: true } }],
    tool_choice: { type: "function", function: { name: "f" } },
    parallel_tool_calls: false,
    response_format: { type: "json_schema", json_schema: { name: "t", schema, strict: true } },
    verbosity: "low",
    reasoning_effort: "low",
    logprobs: true,
    top_logprobs: 2,
    stream: true,
    stream_options: { include_usage: true },
    user: "u1",
  });
});

test.each([
  [{ previous_response_id: "resp_0" }, "unprocessable", "previous_response_id"],
  [{ conversation: "conv_1" }, "unprocessable", "conversation"],
  [{ background: true }, "unprocessable", "background"],
  [{ prompt: { id: "pmpt_1" } }, "unprocessable", "prompt"],
  [{ tools: [{ type: "file_search" }] }, "unprocessable", "tools[0].type"],
  [{ tool_choice: { type: "file_search" } }, "unprocessable", "tool_choice.type"],
  [{ input: [{ type: "item_reference", id: "msg_1" }] }, "unprocessable", "input[0]"],
  [{ input: [{ type: "file_search_call" }] }, "unprocessable", "input[0].type"],
  [
    { input: [{ role: "user", content: [{ type: "input_image", file_id: "file-1" }] }] },
    "unprocessable",
    "input[0].content[0].image_url",
  ],
  [{ input: [{ role: "robot", content: "x" }] }, "invalid_request", "input[0].role"],
  [{ input: [{ type: "function_call_output", output: "x" }] }, "invalid_request", "input[0].call_id"],
  [{ text: { format: { type: "yaml" } } }, "invalid_request", "text.format.type"],
])(
  "a request that cannot be answered without OpenAI's storage or tools is refused with its place: %j",
  (request, code, param) => {
    expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
  },
);

test("an answer is a Response object that repeats the request", () => {
  expect(
    answer(responseWith({ content: "Hi" }), { instructions: "Be brief.", temperature: 0.5, metadata: { a: "b" } }),
  ).toMatchObject({
    id: "resp_1",
    object: "response",
    created_at: 7,
    status: "completed",
    error: null,
    incomplete_details: null,
    instructions: "Be brief.",
    model: "m",
    output: [
      {
        id: "msg_1",
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Hi", annotations: [] }],
      },
    ],
    parallel_tool_calls: true,
    temperature: 0.5,
    tool_choice: "auto",
    tools: [],
    metadata: { a: "b" },
    usage: {
      input_tokens: 30,
      input_tokens_details: { cached_tokens: 20 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 39,
    },
  });
});

test("an answer that was cut off or filtered is incomplete and says why", () => {
  expect(answer(responseWith({ content: "Hi" }, "length"))).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
  });
  expect(answer(responseWith({ refusal: "No." }, "content_filter"))).toMatchObject({
    incomplete_details: { reason: "content_filter" },
    output: [{ content: [{ type: "refusal", refusal: "No." }] }],
  });
});

test("a stream of text has OpenAI's events in OpenAI's order", () => {
  const events = write([
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Hel" }),
    chunk({ content: "lo" }),
    chunk({}, "stop"),
    { ...chunk({}), choices: [], usage },
  ]);
  expect(types(events)).toEqual([
    "created",
    "in_progress",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "completed",
  ]);
  expect(events[0]?.response).toMatchObject({ id: "resp_1", status: "in_progress", output: [], usage: null });
  expect(events.at(-1)?.response).toMatchObject({
    id: "resp_1",
    status: "completed",
    usage: { total_tokens: 39 },
    output: [{ content: [{ text: "Hello" }] }],
  });
});

test("a stream of thoughts and calls has each as a separate item", () => {
  const call = (index: number, json: string) =>
    chunk({ tool_calls: [{ index, id: `c${index}`, function: { name: `f${index}`, arguments: json } }] });
  const events = write([
    chunk({ reasoning_content: "Hm." }),
    call(0, ""),
    call(0, "{}"),
    call(1, '{"a":1}'),
    chunk({}, "tool_calls"),
  ]);
  expect(types(events)).toEqual([
    "created",
    "in_progress",
    "output_item.added",
    "reasoning_summary_part.added",
    "reasoning_summary_text.delta",
    "reasoning_summary_text.done",
    "reasoning_summary_part.done",
    "output_item.done",
    "output_item.added",
    "function_call_arguments.delta",
    "function_call_arguments.done",
    "output_item.done",
    "output_item.added",
    "function_call_arguments.delta",
    "function_call_arguments.done",
    "output_item.done",
    "completed",
  ]);
  expect(events.at(-1)?.response.output).toMatchObject([
    { type: "reasoning" },
    { type: "function_call", call_id: "c0", arguments: "{}" },
    { call_id: "c1", arguments: '{"a":1}' },
  ]);
});

test("text that turns into a refusal is one message of two parts", () => {
  const events = write([chunk({ content: "Well" }), chunk({ refusal: "No." }), chunk({}, "content_filter")]);
  expect(events.at(-1)).toMatchObject({
    type: "response.incomplete",
    response: {
      output: [
        {
          content: [
            { type: "output_text", text: "Well" },
            { type: "refusal", refusal: "No." },
          ],
        },
      ],
    },
  });
});

test("an answer without words still has a message, and an empty stream a whole set of events", () => {
  expect(answer(responseWith({ content: "" })).output).toMatchObject([
    { type: "message", content: [{ type: "output_text", text: "" }] },
  ]);
  expect(write([]).at(-1)).toMatchObject({ type: "response.completed", response: { output: [{ type: "message" }] } });
});

test("a stream that broke ends with response.failed", () => {
  const events = write([chunk({ content: "Hel" })], { code: "rate_limited", message: "Slow down.", status: 429 });
  expect(events.at(-1)).toMatchObject({
    type: "response.failed",
    response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down." } },
  });
});

test("pieces of calls that come mixed are an error, not a wrong call", () => {
  const piece = (index: number) =>
    chunk({ tool_calls: [{ index, id: `${index}`, function: { name: "f", arguments: "{" } }] });
  expect(() => write([piece(0), piece(1), piece(0)])).toThrow(/mixed/);
});

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const hubMessage = fc
  .record({
    content: words,
    thought: fc.option(words, { nil: undefined }),
    signature: fc.constantFrom(undefined, {
      type: "reasoning.encrypted",
      data: "SIG",
      format: "google-gemini-v1",
      id: "call_0",
    }),
    calls: fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 3 }),
  })
  .map(({ content, thought, signature, calls }) => ({
    content,
    ...(thought !== undefined && { reasoning_content: thought }),
    ...(signature !== undefined && { reasoning_details: [signature] }),
    ...(calls.length > 0 && {
      tool_calls: calls.map((input, index) => ({
        id: `call_${index}`,
        type: "function" as const,
        function: { name: `f${index}`, arguments: JSON.stringify(input) },
      })),
    }),
  }));

test("what an answer says, thinks and calls comes back unchanged with the next request", () => {
  fc.assert(
    fc.property(hubMessage, (message) => {
      const output = JSON.parse(JSON.stringify(answer(responseWith(message)).output));
      const [, back] = ask({ input: [{ role: "user", content: "Hi" }, ...output] }).messages;
      expect(back).toEqual({ role: "assistant", ...message });
    }),
  );
});

test("a streamed answer is the same as a whole one", () => {
  fc.assert(
    fc.property(hubMessage, ({ content, reasoning_content, reasoning_details, tool_calls }) => {
      const events = write([
        ...[...(reasoning_content ?? "")].map((piece) => chunk({ reasoning_content: piece })),
        ...(reasoning_details ?? []).map((detail) => chunk({ reasoning_details: [detail] })),
        ...[...content].map((piece) => chunk({ content: piece })),
        ...(tool_calls ?? []).map((call, index) => chunk({ tool_calls: [{ ...call, index }] })),
        chunk({}, "stop"),
      ]);
      const whole = answer(responseWith({ content, reasoning_content, reasoning_details, tool_calls }));
      expect(withoutIds(events.at(-1)?.response.output ?? [])).toEqual(
        withoutIds(JSON.parse(JSON.stringify(whole.output))),
      );
    }),
  );
});
