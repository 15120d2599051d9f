import { expect, test } from "vitest";
import { systemClock } from "../../../../../kernel/clock.ts";
import type { AnyRequest } from "../../formats/hub/any-request.ts";
import { readCall } from "../../request/read-call.ts";
import { SCOPE } from "../../testing/open-gateway.ts";
import { factsOf } from "./request-facts.ts";

function factsFor(request: Partial<AnyRequest>, headers: Readonly<Record<string, string>> = {}) {
  const caller = { bytes: Buffer.alloc(0), headers, signal: new AbortController().signal, requestId: "req_1" };
  return factsOf(readCall({ scope: SCOPE, format: "chat", request: { model: "m", ...request }, caller }, systemClock));
}
const turn = (role: string, content: unknown) => ({ role, content });

test.each([
  ["a chat", { messages: [turn("user", "first"), turn("assistant", "no"), turn("user", "last")] }, "last"],
  [
    "parts",
    { messages: [turn("user", [{ type: "text", text: "a" }, { type: "image_url" }, { type: "text", text: "b" }])] },
    "a\nb",
  ],
  [
    "a tool's result after it",
    { messages: [turn("user", "ask"), turn("user", [{ type: "tool_result", content: "x" }])] },
    "ask",
  ],
  ["responses", { input: [turn("user", [{ type: "input_text", text: "hello" }])] }, "hello"],
  ["plain input", { input: "hello" }, "hello"],
  ["a text completion", { prompt: "Once upon" }, "Once upon"],
  ["no user", { messages: [turn("system", "be kind")] }, ""],
])("the last text of the user is read from %s", (_, request, expected) => {
  expect(factsFor(request).lastUserText()).toBe(expected);
});

test("the length counts texts and tools, but no pictures", () => {
  const text = "x".repeat(350);
  const content = [
    { type: "text", text },
    { type: "image_url", image_url: { url: `data:${"A".repeat(9_000)}` } },
  ];
  expect(factsFor({ messages: [{ content: text }] }).inputTokens()).toBe(100);
  const tokens = factsFor({ messages: [{ content }] }).inputTokens();
  expect(tokens).toBeGreaterThanOrEqual(100);
  expect(tokens).toBeLessThan(110);
  expect(factsFor({ messages: [], tools: [{ description: text }] }).inputTokens()).toBe(100);
});

test("headers are found in any case, and the limit under each of its names", () => {
  const facts = factsFor({ max_completion_tokens: 40 }, { "x-plan": "gold", "x-treadle-tags": "a, b" });
  expect(facts.header("X-Plan")).toBe("gold");
  expect(facts.header("x-none")).toBeUndefined();
  expect(facts).toMatchObject({ tags: ["a", "b"], maxOutputTokens: 40 });
  expect(factsFor({}).maxOutputTokens).toBeNull();
});
