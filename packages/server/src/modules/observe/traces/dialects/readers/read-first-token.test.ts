import { expect, test } from "vitest";
import { readSpan } from "../index.ts";
import { makeReceivedSpan } from "../testing/make-received-span.ts";

// The helper's events lie 100 ms behind the start.
const chunk = (name: string) => [{ name }, { name }];

test.each([
  ["OpenInference", "First Token Stream Event", { "openinference.span.kind": "LLM" }],
  ["OpenLLMetry", "gen_ai.content.completion.chunk", { "llm.request.type": "chat" }],
  ["OpenLLMetry of before", "llm.content.completion.chunk", { "llm.request.type": "chat" }],
])("%s tells the first token by an event, which is not kept", (_, name, attributes) => {
  const reading = readSpan(makeReceivedSpan(attributes, { events: chunk(name) }));
  expect(reading.timeToFirstTokenMs).toBe(100);
  expect(reading.consumedEvents).toContain(name);
});

test("an event of anything else tells nothing, and stays", () => {
  const reading = readSpan(makeReceivedSpan({ "openinference.span.kind": "LLM" }, { events: chunk("cache.miss") }));
  expect([reading.timeToFirstTokenMs, reading.consumedEvents]).toEqual([null, undefined]);
});
