import { expect, test } from "vitest";
import { withKey } from "../../../../components/form/json-fields.ts";
import { editorOf, emptyLike, firstExpected } from "./edit-values.ts";

const messages = [{ role: "user", content: "Hi" }];

test("each value has the editor of its type", () => {
  expect(editorOf("Hi")).toBe("text");
  expect(editorOf(messages)).toBe("messages");
  expect(editorOf({ role: "assistant", content: null, tool_calls: [] })).toBe("message");
  expect(editorOf({ chosen: messages, rejected: messages })).toBe("fields");
  expect(editorOf({ chosen: messages }, 1)).toBe("json");
  expect(editorOf([])).toBe("json");
  expect(editorOf(4)).toBe("number");
  expect(editorOf(false)).toBe("switch");
  expect(editorOf({})).toBe("json");
});

test("a new item has the shape of existing items", () => {
  expect(emptyLike(undefined)).toEqual({ prompt: "" });
  expect(emptyLike({ question: "Why?", page: 3 })).toEqual({ question: "", page: 3 });
  expect(emptyLike({ messages, tools: [] })).toEqual({ messages: [{ role: "user", content: "" }] });
  expect(firstExpected({ messages })).toEqual({ role: "assistant", content: "" });
  expect(firstExpected({ question: "" })).toBe("");
});

test("a key is set in place and removed", () => {
  expect(Object.keys(withKey({ a: 1, b: 2 }, "a", 3))).toEqual(["a", "b"]);
  expect(withKey({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
});
