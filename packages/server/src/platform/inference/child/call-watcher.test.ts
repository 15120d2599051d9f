import { describe, expect, test } from "vitest";
import { createCallWatcher } from "./call-watcher.ts";

const tools = [
  { name: "add", description: "", parameters: {} },
  { name: "find", description: "", parameters: {} },
];
const TAGS = { start: "<tool_call>", end: "</tool_call>" };
const BARE = { start: "", end: "" };

function watch(text: string, marks = TAGS, size = 1) {
  const opened: string[] = [];
  const watcher = createCallWatcher({ tools, marks, onOpened: (rest) => opened.push(rest), onClosed: () => undefined });
  let shown = "";
  for (let at = 0; at < text.length; at += size) shown += watcher.push(text.slice(at, at + size));
  shown += watcher.end();
  return { shown, opened, calls: watcher.calls.map((call) => [call.name, call.arguments]) };
}

describe.each([1, 2, 5, 13, 1_000])("an answer that comes in pieces of %s", (size) => {
  test("of plain text is passed on", () => {
    expect(watch("a < b and <tool> is none", TAGS, size)).toMatchObject({
      shown: "a < b and <tool> is none",
      calls: [],
    });
  });
  test("with calls between tags gives the calls and the text before them", () => {
    const text =
      'Let me see.\n<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>\n<tool_call>{"name":"find","arguments":{}}</tool_call>';
    expect(watch(text, TAGS, size)).toMatchObject({
      shown: "Let me see.\n",
      calls: [
        ["add", '{"a":1}'],
        ["find", "{}"],
      ],
    });
  });
  test("with a call of a tool that is not there shows what the model wrote", () => {
    const text = '<tool_call>{"name": "rm", "arguments": {}}</tool_call>';
    expect(watch(text, TAGS, size)).toMatchObject({ shown: text, calls: [] });
  });
  test("with a call that was cut off shows what the model wrote", () => {
    expect(watch('<tool_call>{"name": "add", "arg', TAGS, size)).toMatchObject({
      shown: '<tool_call>{"name": "add", "arg',
      calls: [],
    });
  });
  test("that is a bare object is a call where the model's notation has no tags", () => {
    expect(watch('{"name": "add", "parameters": {"a": 2}}', BARE, size)).toMatchObject({
      shown: "",
      calls: [["add", '{"a":2}']],
    });
    expect(watch("Rome is sunny.", BARE, size)).toMatchObject({ shown: "Rome is sunny.", calls: [] });
    expect(watch('{"answer": 1}', BARE, size)).toMatchObject({ shown: '{"answer": 1}', calls: [] });
  });
});

test("each call has a unique id", () => {
  const watcher = createCallWatcher({ tools, marks: TAGS, onOpened: () => undefined, onClosed: () => undefined });
  watcher.push(
    '<tool_call>{"name":"add","arguments":{}}</tool_call><tool_call>{"name":"add","arguments":{}}</tool_call>',
  );
  expect(new Set(watcher.calls.map(({ id }) => id)).size).toBe(2);
});
