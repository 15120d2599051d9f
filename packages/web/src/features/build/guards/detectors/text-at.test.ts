import { expect, test } from "vitest";
import { excerptOf, textAt } from "./text-at.ts";

const span = {
  input: [{ role: "user", parts: [{ type: "text", content: "Write to ann@example.org" }] }],
  output: [{ parts: [{ type: "tool_call", arguments: '{"to": "bob@example.org", "a.b": {"c": 4111111111111111}}' }] }],
};

test("a text is found by its path, also inside the arguments of a tool", () => {
  expect(textAt(span, "input.0.parts.0.content")).toBe("Write to ann@example.org");
  expect(textAt(span, "output.0.parts.0.arguments.to")).toBe("bob@example.org");
  expect(textAt(span, "output.0.parts.0.arguments.a.b.c")).toBe("4111111111111111");
  expect(textAt({ input: "Hello", output: null }, "input")).toBe("Hello");
});

test("a path that is not there has no text", () => {
  expect(textAt(span, "input.1.parts.0.content")).toBeUndefined();
  expect(textAt(span, "input.0.parts")).toBeUndefined();
  expect(textAt({ input: "Hello", output: null }, "input.0")).toBeUndefined();
});

test("an excerpt has the finding and the text around it", () => {
  expect(excerptOf("Write to ann@example.org now", { start: 9, end: 24 })).toEqual({
    before: "Write to ",
    finding: "ann@example.org",
    after: " now",
  });
  const long = excerptOf(`${"a".repeat(500)}SECRET${"b".repeat(500)}`, { start: 500, end: 506 });
  expect(long?.before).toBe(`…${"a".repeat(160)}`);
  expect(long?.after).toBe(`${"b".repeat(160)}…`);
  expect(excerptOf("short", { start: 9, end: 24 })).toBeUndefined();
});
