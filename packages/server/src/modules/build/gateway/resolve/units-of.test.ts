import { describe, expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import type { FormatId } from "../formats/formats.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import { readCall } from "../request/read-call.ts";
import { SCOPE } from "../testing/open-gateway.ts";
import { unitsOf } from "./units-of.ts";

const units = (format: FormatId, request: object) => {
  const caller = { bytes: Buffer.alloc(0), headers: {}, signal: new AbortController().signal, requestId: "r" };
  const call = readCall(
    { scope: SCOPE, format, request: { model: "m", ...request } as AnyRequest, caller },
    systemClock,
  );
  return unitsOf(call);
};
const conversation = (format: FormatId, request: object): string => units(format, request).conversation();
const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });

describe("a conversation", () => {
  test.each([
    ["chat", (turns: object[]) => ({ messages: [{ role: "system", content: "Be kind." }, ...turns] })],
    ["messages", (turns: object[]) => ({ system: "Be kind.", messages: turns })],
    ["responses", (turns: object[]) => ({ instructions: "Be kind.", input: turns })],
  ] as const)("is the same in each of its turns: %s", (format, requestOf) => {
    const first = conversation(format, requestOf([user("Hello")]));
    expect(first).toBe("Be kind.\nHello");
    expect(conversation(format, requestOf([user("Hello"), assistant("Hi"), user("And now?")]))).toBe(first);
    expect(conversation(format, requestOf([user("Hello there")]))).not.toBe(first);
  });

  test("is read from parts of text, from a plain input and from a prompt", () => {
    expect(conversation("chat", { messages: [user([{ type: "text", text: "Look" }])] })).toBe("\nLook");
    expect(conversation("responses", { input: "Look" })).toBe("\nLook");
    expect(conversation("completions", { prompt: "Look" })).toBe("\nLook");
  });

  test("is unknown without a user's text", () => {
    expect(conversation("chat", { messages: [{ role: "system", content: "Be kind." }] })).toBe("");
    expect(conversation("embeddings", { input: [1, 2] })).toBe("");
  });

  test("is told apart by its beginning, however long it is", () =>
    expect(conversation("chat", { messages: [user("x".repeat(1_000_000))] })).toHaveLength(2_001));

  test.each([
    ["chat", { messages: [user("Hello")] }, false],
    ["chat", { messages: [user("Hello"), assistant("Hi"), user("And now?")] }, true],
    ["messages", { messages: [user("Hello"), assistant("Hi"), user("And now?")] }, true],
    ["responses", { input: "Hello" }, false],
    ["responses", { input: "And now?", previous_response_id: "resp_1" }, true],
    ["completions", { prompt: "Hello" }, false],
  ] as const)("%s with %j continues: %s", (format, request, isContinued) =>
    expect(units(format, request).isContinued()).toBe(isContinued),
  );
});
