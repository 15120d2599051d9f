import { expect, test } from "vitest";
import type { CheckedText } from "../shared/use-guards.ts";
import { groupFindings, markedParts } from "./marked-parts.ts";
import { readContent, textAt } from "./read-content.ts";

type Finding = CheckedText["findings"][number];
const finding = (start: number, end: number, more: Partial<Finding> = {}): Finding => ({
  rule: 0,
  detector: "personal-data",
  kind: "email",
  action: "mask",
  start,
  end,
  score: 1,
  view: "text",
  ...more,
});

test("overlapping findings cut a text into stretches, and the strongest action marks each", () => {
  const parts = markedParts("abcdef", [finding(1, 4), finding(3, 5, { rule: 1, action: "block" })]);
  expect(parts.map(({ text, action, findings }) => [text, action, findings.length])).toEqual([
    ["a", undefined, 0],
    ["bc", "mask", 1],
    ["d", "block", 2],
    ["e", "block", 1],
    ["f", undefined, 0],
  ]);
});

test("a finding that is not in the text marks nothing", () => {
  expect(markedParts("abc", [finding(2, 9), finding(1, 1)]).map(({ text }) => text)).toEqual(["abc"]);
  expect(markedParts("", [])).toEqual([]);
});

test("findings are counted by rule, kind and view, with the highest score", () => {
  const findings = [finding(0, 1, { score: 0.4 }), finding(2, 3, { score: 0.9 }), finding(4, 5, { view: "base64" })];
  expect(groupFindings(findings)).toMatchObject([
    { kind: "email", view: "text", count: 2, score: 0.9 },
    { kind: "email", view: "base64", count: 1, score: 1 },
  ]);
});

const typed = { kind: "messages", text: "", trust: "user" } as const;

test("messages are read as a list or as a request, and what is wrong is reported", () => {
  const list = [{ role: "user", content: "Hi" }];
  expect(readContent({ ...typed, messages: JSON.stringify(list) })).toEqual({ body: { messages: list } });
  expect(readContent({ ...typed, messages: JSON.stringify({ model: "m", messages: list }) })).toEqual({
    body: { messages: list },
  });
  expect(readContent({ ...typed, messages: "[{" })).toMatchObject({ problem: expect.stringMatching(/^Invalid JSON/) });
  expect(readContent({ ...typed, messages: "[]" })).toEqual({ problem: "Enter a list of messages." });
  expect(readContent({ ...typed, messages: '[{"role":"user"},{"content":"x"}]' })).toEqual({
    problem: "Message 2 has no role.",
  });
  expect(readContent({ ...typed, kind: "text", messages: "" })).toEqual({ problem: "Enter a text." });
});

test("the text at a path is found in contents, parts and arguments of tools", () => {
  const content = [
    { type: "text", text: "part" },
    { type: "image_url", image_url: {} },
  ];
  const call = {
    function: { name: "send", arguments: JSON.stringify({ to: ["ann@example.com"], card: 4111111111111111 }) },
  };
  const messages = [
    { role: "user", content },
    { role: "assistant", content: "plain", tool_calls: [call] },
  ];
  const at = (path: string) => textAt({ messages }, path);
  expect(at("messages.0.content.0")).toBe("part");
  expect(at("messages.0.content.1")).toBeUndefined();
  expect(at("messages.1.content")).toBe("plain");
  expect(at("messages.1.tool_calls.0.function.arguments.to.0")).toBe("ann@example.com");
  expect(at("messages.1.tool_calls.0.function.arguments.card")).toBe("4111111111111111");
  expect(at("messages.7.content")).toBeUndefined();
  expect(textAt({ text: "Hi" }, "text")).toBe("Hi");
});
