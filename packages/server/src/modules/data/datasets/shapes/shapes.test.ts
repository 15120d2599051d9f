import type { Item } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import type { Row } from "../files/row.ts";
import { fittingShapes, shapeOf } from "./find-shape.ts";
import { SHAPES } from "./index.ts";
import type { OutgoingItem } from "./shape.ts";

const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
const call = { id: "call_7", type: "function", function: { name: "weather", arguments: '{"city": "Ulm"}' } };
const extra = { id: "row-1", split: "train", metadata: { topic: "weather", nested: { a: [1, null] } } };

/** Rows as others write them, by shape. */
const ROWS: Record<string, readonly Row[]> = {
  treadle: [{ id: "it_1", inputs: { question: "?" }, expected: null, metadata: { a: null }, split: "test" }],
  "openai-chat": [
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        { role: "assistant", content: null, tool_calls: [call], weight: 0 },
        { role: "tool", tool_call_id: "call_7", content: "rain" },
        { role: "assistant", content: "It rains.", weight: 1 },
      ],
      tools,
      parallel_tool_calls: false,
      ...extra,
    },
    { messages: [{ role: "user", content: "No answer yet" }] },
  ],
  "openai-completion": [
    {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "gpt-4.1",
      messages: [{ role: "user", content: "Weather?" }],
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Rain.", refusal: null, annotations: [] },
          finish_reason: "stop",
        },
      ],
      tools,
      usage: { total_tokens: 9 },
      metadata: { topic: "weather" },
    },
    {
      request: { messages: [{ role: "user", content: "Hi" }], model: "gpt-4.1" },
      response: { choices: [{ message: { role: "assistant", content: null, tool_calls: [call] } }] },
      metadata: null,
    },
    {
      id: "resp_1",
      input: [{ role: "user", content: "Hi" }],
      output: [
        { type: "reasoning", summary: [] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello", annotations: [] }] },
      ],
    },
    { item: { input: [{ role: "user", content: "Hi" }] }, sample: { output_text: "Hello" } },
    {
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
      ],
      choices: [{ message: { role: "assistant", content: "Hello" } }],
    },
  ],
  "openai-preference": [
    {
      input: { messages: [{ role: "user", content: "Hi" }], tools, parallel_tool_calls: true },
      preferred_output: [{ role: "assistant", content: "Hello" }],
      non_preferred_output: [{ role: "assistant", content: "What" }],
      ...extra,
    },
  ],
  sharegpt: [
    {
      conversations: [
        { from: "system", value: "Be brief." },
        { from: "human", value: "Weather?" },
        { from: "function_call", value: '{"name": "weather", "arguments": {"city": "Ulm"}}' },
        { from: "observation", value: "rain" },
        { from: "gpt", value: "It rains.", weight: 1 },
      ],
      tools: JSON.stringify(tools),
      ...extra,
    },
    {
      system: "Be brief.",
      conversations: [
        { from: "human", value: "Hi" },
        { from: "gpt", value: "Hello" },
      ],
    },
  ],
  alpaca: [
    { instruction: "Add", input: "1 and 2", output: "3", system: "You add.", history: [["Hi", "Hello"]], ...extra },
    { instruction: "Wait", input: "" },
  ],
  "prompt-completion": [
    { prompt: "1 + 1 =", completion: " 2", ...extra },
    {
      prompt: [{ role: "user", content: "Hi" }],
      completion: [{ role: "assistant", content: "Hello" }],
      tools,
    },
  ],
  "trl-preference": [
    { prompt: "Hi", chosen: "Hello", rejected: "What", margin: 2 },
    { chosen: "\n\nHuman: Hi\n\nAssistant: Hello", rejected: "\n\nHuman: Hi\n\nAssistant: What", ...extra },
    {
      prompt: [],
      chosen: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ],
      rejected: [
        { role: "user", content: "a" },
        { role: "assistant", content: "c" },
      ],
    },
  ],
  kto: [
    { prompt: "Hi", completion: "Hello", label: true, ...extra },
    { prompt: [{ role: "user", content: "Hi" }], completion: [{ role: "assistant", content: "What" }], label: false },
  ],
  langfuse: [
    {
      id: "a",
      input: { question: "?" },
      expectedOutput: "!",
      metadata: { a: 1 },
      status: "ACTIVE",
      sourceTraceId: "t",
    },
    { id: "b", input: "text", expectedOutput: { a: 1 }, metadata: "tagged" },
    { id: "c", input: [{ role: "user", content: "Hi" }], expectedOutput: null },
    { id: "d", input: { input: { deep: 1 } }, expectedOutput: 5 },
  ],
  langsmith: [
    { id: "a", inputs: { q: "?" }, outputs: { a: "!" }, metadata: { dataset_split: ["test"], x: 1 } },
    { id: "b", inputs: { q: "?" }, outputs: { output: "!" }, created_at: "2026-01-01" },
    { id: "c", inputs: { q: "?" }, outputs: { output: { output: 1 } } },
    { id: "d", inputs: { q: "?" }, outputs: null },
    { id: "e", inputs: { q: "?" }, outputs: { a: "!" }, metadata: { dataset_split: ["base", "test"] } },
    { id: "f", inputs: { q: "?" }, metadata: { dataset_split: "train" } },
    { id: "g", inputs: '{"q": "?"}', outputs: '{"a": "!"}', metadata: '{"dataset_split": ["test"]}' },
    { id: "h", inputs: { q: "?" }, outputs: { a: "!" }, dataset_split: "test" },
  ],
  mlflow: [
    {
      inputs: { question: "?" },
      expectations: { expected_response: "!" },
      tags: { topic: "x" },
      dataset_record_id: "dr-1",
    },
    { inputs: { question: "?" }, expectations: { expected_facts: ["a", "b"], guidelines: ["short"] } },
    { inputs: { question: "?" }, expectations: {}, ...extra },
    { inputs: '{"question": "?"}', expectations: '{"expected_response": "!"}', outputs: "old answer" },
  ],
  table: [
    { question: "1 + 1", answer: "2", split: "train", topic: "sums", id: 7 },
    { "inputs.a": "1", "inputs.b.c": [1], "expected.x": null, "metadata.k": "v", split: "test" },
  ],
};

const readItem = (shapeId: keyof typeof ROWS, row: Row): OutgoingItem => {
  const shape = SHAPES.find(({ id }) => id === shapeId);
  if (!shape) throw new Error(`no shape ${shapeId}`);
  const { itemId, inputs, expected, metadata, split } = shape.read(row);
  return { itemId: itemId ?? "it_content", ownId: itemId, inputs, expected, metadata, split, source: { kind: "file" } };
};
const cases = Object.entries(ROWS).flatMap(([id, rows]) => rows.map((row, place) => [id, place, row] as const));

test("every shape has rows to be tried with", () => {
  expect(Object.keys(ROWS).sort()).toEqual(SHAPES.map(({ id }) => id).sort());
});

test.each(cases)("%s, row %i: what is written is read as the same item", (id, _, row) => {
  const item = readItem(id, row);
  const written = JSON.parse(JSON.stringify(SHAPES.find((shape) => shape.id === id)?.write(item)));
  expect(readItem(id, written)).toEqual(item);
});

test.each(cases)("%s, row %i: is seen to be of that shape", (id, _, row) => {
  expect(fittingShapes([row])[0]?.id).toBe(id);
});

describe("what of a row becomes of an item", () => {
  test("the last answer is expected, and weights and tools are retained", () => {
    const { inputs, expected, metadata, split, itemId } = readItem("openai-chat", ROWS["openai-chat"]?.[0] ?? {});
    expect(expected).toEqual({ role: "assistant", content: "It rains.", weight: 1 });
    expect(inputs).toMatchObject({ tools, parallel_tool_calls: false });
    expect(inputs.messages).toMatchObject([
      { role: "system" },
      { role: "user" },
      { weight: 0, tool_calls: [call] },
      {},
    ]);
    expect([metadata, split, itemId]).toEqual([extra.metadata, "train", "row-1"]);
  });

  test.each(ROWS["openai-completion"] ?? [])("the answer of a stored completion is expected: %j", (row) => {
    const { inputs, expected, metadata } = readItem("openai-completion", row);
    expect(inputs.messages).toHaveLength(1);
    expect(expected).toMatchObject({ role: "assistant" });
    expect(Object.keys(expected ?? {})).not.toContain("refusal");
    for (const key of ["choices", "output", "response", "sample"]) expect(metadata).not.toHaveProperty(key);
  });

  test("cells of Langfuse's CSV are read as JSON, and archived items are flagged", () => {
    const cells = {
      id: "a",
      input: '{"question": "?"}',
      expectedOutput: '"!"',
      metadata: '{"topic": "sums"}',
      status: "ARCHIVED",
    };
    const shape = shapeOf("langfuse");
    expect(shape.read(cells, { isTable: true })).toEqual({
      itemId: "a",
      inputs: { question: "?" },
      expected: "!",
      metadata: { topic: "sums", status: "ARCHIVED", flags: ["archived"] },
      split: null,
    });
    expect(
      shape.read({ input: '[{"role": "user", "content": "Hi"}]', expectedOutput: "null" }, { isTable: true }),
    ).toMatchObject({ inputs: { messages: [{ role: "user", content: "Hi" }] }, expected: null });
    expect(shape.read({ input: "{not JSON", expectedOutput: "42" }, { isTable: true })).toMatchObject({
      inputs: { input: "{not JSON" },
      expected: "42",
    });
    // In JSONL a text is a text, whatever it holds.
    expect(shape.read(cells)).toMatchObject({ inputs: { input: cells.input }, expected: cells.expectedOutput });
    expect(shape.read({ ...cells, status: "ACTIVE" }).metadata).not.toHaveProperty("flags");
  });

  test("what MLflow expects is expected", () => {
    const read = (at: number) => readItem("mlflow", ROWS.mlflow?.[at] ?? {});
    expect(read(0)).toMatchObject({ itemId: "dr-1", expected: "!", metadata: { tags: { topic: "x" } } });
    expect(read(1).expected).toEqual({ expected_facts: ["a", "b"], guidelines: ["short"] });
    expect(read(2).expected).toBeNull();
    expect(read(3)).toMatchObject({ inputs: { question: "?" }, expected: "!" });
  });

  test("LangSmith's split is the item's, also as a text, a column or one of several", () => {
    const splits = (ROWS.langsmith ?? []).map((row) => readItem("langsmith", row).split);
    expect(splits).toEqual(["test", null, null, null, "test", "train", "test", "test"]);
  });

  test("what both sides of a preference begin with is the prompt", () => {
    const { inputs, expected } = readItem("trl-preference", ROWS["trl-preference"]?.[1] ?? {});
    expect(inputs.messages).toEqual([{ role: "user", content: "Hi" }]);
    expect(expected).toEqual({
      chosen: [{ role: "assistant", content: "Hello" }],
      rejected: [{ role: "assistant", content: "What" }],
    });
  });

  test("a table's columns go where their names say", () => {
    const { inputs, expected, metadata, split, itemId } = readItem("table", ROWS.table?.[0] ?? {});
    expect({ inputs, expected, metadata, split, itemId }).toEqual({
      inputs: { question: "1 + 1" },
      expected: "2",
      metadata: { topic: "sums" },
      split: "train",
      itemId: "7",
    });
  });

  test("a mapping names, parses and leaves out", () => {
    const shape = shapeOf("table", [
      { column: "a", to: "inputs", name: "question", parse: "as-is" },
      { column: "b", to: "expected", name: null, parse: "number" },
      { column: "c", to: "metadata", name: null, parse: "json" },
      { column: "d", to: "ignore", name: null, parse: "as-is" },
    ]);
    expect(shape.read({ a: "?", b: "1.5", c: '{"x":1}', d: "no" })).toMatchObject({
      inputs: { question: "?" },
      expected: 1.5,
      metadata: { c: { x: 1 } },
    });
    expect(() => shape.read({ b: "many" })).toThrow("not a number");
  });
});

describe("what a format cannot express", () => {
  test.each([
    ["openai-chat", { messages: [{ role: "robot", content: "x" }] }, "/messages/0/role"],
    ["openai-chat", { messages: [{ role: "user" }] }, "/messages/0/content"],
    ["openai-chat", { messages: [{ role: "assistant", content: "x", weight: 2 }] }, "/messages/0/weight"],
    ["openai-chat", { messages: [{ role: "assistant", content: null, tool_calls: [{}] }] }, "/messages/0/tool_calls/0"],
    ["openai-chat", { messages: [{ role: "user", content: "x" }], split: "a b" }, "/split"],
    ["openai-chat", { messages: [{ role: "user", content: "x" }], id: "a b" }, "/id"],
    ["openai-preference", { input: 1, preferred_output: [], non_preferred_output: [] }, "/input"],
    ["sharegpt", { conversations: [{ from: "alien", value: "x" }] }, "/conversations/0/from"],
    ["sharegpt", { conversations: [{ from: "function_call", value: "no JSON" }] }, "/conversations/0/value"],
    ["alpaca", { instruction: "x", output: 1 }, "/output"],
    ["kto", { prompt: "x", completion: "y", label: 3 }, "/label"],
    ["treadle", { inputs: "x" }, "/inputs"],
    ["langsmith", { inputs: {}, outputs: 3 }, "/outputs"],
  ] as const)("%s: %j is refused at %s", (id, row, pointer) => {
    expect(() => shapeOf(id).read(row)).toThrow(expect.objectContaining({ details: { pointer } }));
  });

  const item = (inputs: Row, expected: unknown): OutgoingItem => {
    const core: Item = { itemId: "it_1", inputs, expected, metadata: {}, source: { kind: "manual" }, split: null };
    return { ...core, ownId: null };
  };
  test.each([
    ["openai-chat", item({ question: "?", context: "…" }, "!")],
    ["openai-chat", item({ messages: [] }, { chosen: [], rejected: [] })],
    ["trl-preference", item({ messages: [] }, "!")],
    ["alpaca", item({ messages: [{ role: "user", content: "?" }], tools }, "!")],
    ["prompt-completion", item({ prompt: "?" }, null)],
    ["table", item({ "": "?" }, "!")],
    ["table", item({ question: "?" }, { "": "!" })],
  ] as const)("%s refuses an item that it cannot express", (id, wrong) => {
    expect(() => shapeOf(id).write(wrong)).toThrow(expect.objectContaining({ code: "unprocessable" }));
  });

  test("texts become chats where a chat is asked for", () => {
    expect(shapeOf("openai-chat").write(item({ question: "?" }, "!"))).toEqual({
      messages: [
        { role: "user", content: "?" },
        { role: "assistant", content: "!" },
      ],
    });
  });
});
