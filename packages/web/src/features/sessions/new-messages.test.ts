import { expect, test } from "vitest";
import { asMessages, newMessages } from "./new-messages.ts";

const say = (role: string, content: string) => ({ role, content });
const texts = (messages: ReturnType<typeof newMessages>) =>
  messages.flatMap(({ role, parts }) =>
    parts.map((part) => `${role}: ${part.kind === "text" ? part.text : part.kind}`),
  );

test("a turn shows what it added, not what was said before", () => {
  const input = [say("system", "Be kind"), say("user", "Hello"), say("assistant", "Hi"), say("user", "Refund?")];
  expect(texts(newMessages(input))).toEqual(["user: Refund?"]);
  expect(texts(newMessages(input.slice(0, 2)))).toEqual(["user: Hello"]);
});

test("a turn that sent nothing new shows the last thing that was said", () => {
  expect(texts(newMessages([say("user", "Hello"), say("assistant", "Hi")]))).toEqual(["assistant: Hi"]);
  expect(newMessages("")).toEqual([]);
});

test("text and other values are readable too", () => {
  expect(texts(newMessages("Hello"))).toEqual(["user: Hello"]);
  expect(texts(asMessages({ answer: 42 }, "assistant"))).toEqual(['assistant: {\n  "answer": 42\n}']);
});
