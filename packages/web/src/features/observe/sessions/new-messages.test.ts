import { expect, test } from "vitest";
import { asMessages, newMessages } from "./new-messages.ts";

const messageOf = (role: string, content: string) => ({ role, content });
const texts = (messages: ReturnType<typeof newMessages>) =>
  messages.flatMap(({ role, parts }) =>
    parts.map((part) => `${role}: ${part.kind === "text" ? part.text : part.kind}`),
  );

test("a turn shows only its new messages", () => {
  const input = [
    messageOf("system", "Be kind"),
    messageOf("user", "Hello"),
    messageOf("assistant", "Hi"),
    messageOf("user", "Refund?"),
  ];
  expect(texts(newMessages(input))).toEqual(["user: Refund?"]);
  expect(texts(newMessages(input.slice(0, 2)))).toEqual(["user: Hello"]);
});

test("a turn without new messages shows the last message", () => {
  expect(texts(newMessages([messageOf("user", "Hello"), messageOf("assistant", "Hi")]))).toEqual(["assistant: Hi"]);
  expect(newMessages("")).toEqual([]);
});

test("text and other values are readable too", () => {
  expect(texts(newMessages("Hello"))).toEqual(["user: Hello"]);
  expect(texts(asMessages({ answer: 42 }, "assistant"))).toEqual(['assistant: {\n  "answer": 42\n}']);
});
