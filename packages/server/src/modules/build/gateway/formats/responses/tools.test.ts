import { ResponsesRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import type { ChatChunk, ToolCall } from "../hub/hub.ts";
import { createEventReader } from "../hub/server-events.ts";
import { readResponses } from "./read-response.ts";
import { responsesFormat } from "./responses.ts";

const target = { type: "object", properties: { target: { type: "string" } }, required: ["target"] };
/** The kinds of tools that coding agents offer with each of their requests. */
const TOOLS = [
  { type: "function", name: "exec_command", parameters: { type: "object", properties: { cmd: { type: "string" } } } },
  {
    type: "custom",
    name: "apply_patch",
    description: "Edits files.",
    format: { type: "grammar", syntax: "lark", definition: 'start: "*** Begin Patch"' },
  },
  {
    type: "namespace",
    name: "agents",
    description: "Sub-agents.",
    tools: [
      { type: "function", name: "close", description: "Closes one.", parameters: target, defer_loading: true },
      { type: "custom", name: "tell" },
    ],
  },
  { type: "web_search", external_web_access: true },
  { type: "tool_search" },
  { type: "image_generation", output_format: "png" },
];
const PATCH = '*** Begin Patch\n+one "quoted" line\n*** End Patch';

const request = (more: object = {}) => ResponsesRequest.parse({ model: "m", input: "Hi", tools: TOOLS, ...more });
const toChat = (more: object) => responsesFormat.toChat(request(more));
const called = (name: string, json: string, index = 0): ToolCall => ({
  index,
  id: `call_${index}`,
  type: "function",
  function: { name, arguments: json },
});
const CALLS = [
  called("exec_command", '{"cmd":"ls"}', 0),
  called("apply_patch", JSON.stringify({ input: PATCH }), 1),
  called("agents__close", '{"target":"a"}', 2),
  called("agents__tell", '{"input":"go on"}', 3),
  called("apply_patch", "no JSON at all", 4),
  called("apply_patch", "{}", 5),
];
const ITEMS = [
  { type: "function_call", call_id: "call_0", name: "exec_command", arguments: '{"cmd":"ls"}' },
  { type: "custom_tool_call", call_id: "call_1", name: "apply_patch", input: PATCH },
  { type: "function_call", call_id: "call_2", name: "close", namespace: "agents", arguments: '{"target":"a"}' },
  { type: "custom_tool_call", call_id: "call_3", name: "tell", namespace: "agents", input: "go on" },
  { type: "custom_tool_call", call_id: "call_4", name: "apply_patch", input: "no JSON at all" },
  { type: "custom_tool_call", call_id: "call_5", name: "apply_patch", input: "{}" },
].map((item) => ({ ...item, status: "completed" }));

test("custom tools and grouped tools become functions for a model of another format; optional features are left out with a warning", () => {
  const { tools, tool_choice: choice } = toChat({ tool_choice: "auto" });
  const functions = (tools ?? []).map((tool) => tool.function as Record<string, unknown>);
  expect(functions.map(({ name }) => name)).toEqual(["exec_command", "apply_patch", "agents__close", "agents__tell"]);
  expect(functions[1]).toMatchObject({
    description: 'Edits files.\n\nIts input follows this lark grammar:\nstart: "*** Begin Patch"',
    parameters: { properties: { input: { type: "string" } }, required: ["input"] },
  });
  expect(functions[2]).toEqual({ name: "agents__close", description: "Closes one.", parameters: target });
  expect(choice).toBe("auto");
  const leftOut = responsesFormat.leftOut?.(request()) ?? [];
  expect(leftOut).toHaveLength(3);
  expect(leftOut[0]).toContain("`tools[3]` (web_search) was left out");
});

test("calls of the model are items of the tools as their caller knows them, whole and in a stream", () => {
  const message = { role: "assistant" as const, content: null, tool_calls: CALLS };
  const whole = responsesFormat.fromChat(
    {
      id: "1",
      object: "chat.completion",
      created: 7,
      model: "m",
      choices: [{ index: 0, message, finish_reason: "tool_calls" }],
    },
    request(),
  ) as { output: Record<string, unknown>[] };
  const withoutIds = whole.output.map(({ id, ...item }) => {
    expect(id).toMatch(item.type === "custom_tool_call" ? /^ctc_/ : /^fc_/);
    return item;
  });
  expect(withoutIds).toEqual(ITEMS);

  const writer = responsesFormat.streamWriter(request(), { id: "resp_1", model: "m", now: 7_000 });
  const chunk = (call: ToolCall): ChatChunk => ({
    id: "1",
    object: "chat.completion.chunk",
    created: 7,
    model: "m",
    choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }],
  });
  const pieces = CALLS.flatMap((call) => {
    const json = call.function.arguments ?? "";
    const begin = { ...call, function: { ...call.function, arguments: json.slice(0, 4) } };
    return [begin, { index: call.index, function: { arguments: json.slice(4) } } as ToolCall];
  });
  const text = pieces.map((piece) => writer.write(chunk(piece))).join("") + writer.end();
  const events = createEventReader()
    .push(new TextEncoder().encode(text))
    .map(({ data }) => JSON.parse(data));
  const done = events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
  expect(done.map(({ id: _, ...item }) => item)).toEqual(ITEMS);
  expect(events.at(-1).response.output).toEqual(done);
  for (const { id, type, input, arguments: json } of done) {
    const [kind, value] =
      type === "custom_tool_call" ? ["custom_tool_call_input", input] : ["function_call_arguments", json];
    const ofItem = events.filter((event) => event.item_id === id);
    const deltas = ofItem.filter((event) => event.type === `response.${kind}.delta`).map(({ delta }) => delta);
    expect(deltas.join("")).toBe(value);
    expect(ofItem.at(-1)).toMatchObject({
      type: `response.${kind}.done`,
      [type === "custom_tool_call" ? "input" : "arguments"]: value,
    });
  }
});

test("items of earlier calls become the same calls, with their results", () => {
  const input = [
    { role: "user", content: "Hi" },
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "looms" } },
    ...ITEMS.slice(0, 4),
    { type: "function_call_output", call_id: "call_0", output: "a b" },
    { type: "custom_tool_call_output", call_id: "call_1", output: "Done." },
  ];
  const [, assistant, ...results] = toChat({ input }).messages;
  expect(assistant?.tool_calls).toEqual(CALLS.slice(0, 4).map(({ index: _, ...call }) => call));
  expect(results).toEqual([
    { role: "tool", tool_call_id: "call_0", content: "a b" },
    { role: "tool", tool_call_id: "call_1", content: "Done." },
  ]);
});

test("an answer of OpenAI's own is recorded with all of its calls", () => {
  const { message, finish_reason: finish } = readResponses({ status: "completed", output: ITEMS }).choices[0] ?? {};
  const names = (message?.tool_calls ?? []).map((call) => call.function.name);
  expect(names.slice(0, 4)).toEqual(["exec_command", "apply_patch", "agents__close", "agents__tell"]);
  expect(JSON.parse(message?.tool_calls?.[1]?.function.arguments ?? "")).toEqual({ input: PATCH });
  expect(finish).toBe("tool_calls");
});

test.each([
  ["required", "required"],
  [
    { type: "custom", name: "apply_patch" },
    { type: "function", function: { name: "apply_patch" } },
  ],
  [
    { type: "function", name: "close", namespace: "agents" },
    { type: "function", function: { name: "agents__close" } },
  ],
  [
    { type: "allowed_tools", mode: "auto", tools: [{ type: "web_search" }, { type: "custom", name: "apply_patch" }] },
    {
      type: "allowed_tools",
      allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "apply_patch" } }] },
    },
  ],
])("a choice of tools names what the model is given: %j", (choice, expected) => {
  expect(toChat({ tool_choice: choice }).tool_choice).toEqual(expected);
});

test("where nothing is left to call, only a choice that does not insist is taken", () => {
  const tools = [{ type: "web_search_preview" }];
  const asked = toChat({ tools, tool_choice: "auto", parallel_tool_calls: true });
  expect(asked).not.toHaveProperty("tools");
  expect(asked).not.toHaveProperty("tool_choice");
  expect(asked).not.toHaveProperty("parallel_tool_calls");
  expect(() => toChat({ tools, tool_choice: "required" })).toThrow(
    expect.objectContaining({ code: "unprocessable", details: { param: "tool_choice" } }),
  );
});

test.each([
  [[{ type: "custom" }], "invalid_request", "tools[0].name"],
  [[{ type: "namespace", tools: [] }], "invalid_request", "tools[0].name"],
  [[{ type: "namespace", name: "a", tools: [{ type: "function" }] }], "invalid_request", "tools[0].tools[0].name"],
  [
    [{ type: "namespace", name: "a", tools: [{ type: "code_interpreter" }] }],
    "unprocessable",
    "tools[0].tools[0].type",
  ],
  [
    [
      { type: "function", name: "a__b" },
      { type: "namespace", name: "a", tools: [{ type: "function", name: "b" }] },
    ],
    "unprocessable",
    "tools[1].tools[0].name",
  ],
])("tools that cannot be given are refused with their place: %j", (tools, code, param) => {
  expect(() => toChat({ tools })).toThrow(expect.objectContaining({ code, details: { param } }));
});

test("a name that would be too long with its group's stands alone", () => {
  const name = "n".repeat(60);
  const { tools } = toChat({ tools: [{ type: "namespace", name: "group_", tools: [{ type: "function", name }] }] });
  expect(tools?.[0]?.function).toMatchObject({ name });
});
