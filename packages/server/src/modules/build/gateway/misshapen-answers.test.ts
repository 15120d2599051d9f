import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, openTestGateway, type TestGateway } from "./testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from "./testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }], max_tokens: 50 };

beforeAll(async () => {
  open = await openTestGateway({ random: () => 0 });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
});
afterEach(() => upstream.close());

const streamed = (...chunks: object[]) =>
  upstream.next.push((response) => {
    beginStream(response)([...chunks, chatChunk({ content: "Hello" }), chatChunk({}, "stop"), "[DONE]"]);
    response.end();
  });

const MISSHAPEN: readonly (readonly [string, object])[] = [
  ["no choice", { ...chatChunk({}), choices: [null] }],
  [
    "a choice without a delta, as Azure's filter sends",
    { ...chatChunk({}), choices: [{ index: 0, finish_reason: null }] },
  ],
  ["a list of calls that is none", chatChunk({ tool_calls: "now" })],
  ["a call that is none", chatChunk({ tool_calls: [null] })],
  ["a call without a function", chatChunk({ tool_calls: [{ index: 0 }] })],
  ["thoughts that are none", chatChunk({ reasoning_details: { a: 1 } })],
];

describe.each(["chat", "messages", "responses", "completions"] as const)("on the format %s", (format) => {
  const asked = { ...request, ...(format === "completions" ? { prompt: "Hi" } : { input: "Hi" }), stream: true };

  test.each(MISSHAPEN)("a chunk with %s breaks neither the answer nor its span", async (_name, chunk) => {
    open.connect(connectionTo(upstream.url, { quirks: { hasResponses: false, hasStreamUsage: true } }));
    streamed(chunk);
    const { text, state } = await open.ask(format, asked);
    expect(state.isEnded).toBe(true);
    expect(text()).toContain("Hello");
    expect((await open.span()).status).toBe("ok");
    expect(open.problems).toEqual([]);
  });
});

test("a tool call with an index of billions is one call, and is read quickly", async () => {
  streamed(
    chatChunk({ tool_calls: [{ index: 4_000_000_000, id: "call_1", function: { name: "f", arguments: "{}" } }] }),
  );
  await open.ask("chat", { ...request, stream: true });
  const [message] = (await open.span()).output as { parts: { type: string }[] }[];
  expect(message?.parts.map(({ type }) => type)).toEqual(["text", "tool_call"]);
});

test.each([
  ["nothing", null],
  ["an empty object", {}],
  ["a message that is none", { index: 0, message: "Hi" }],
  ["calls that are none", { index: 0, message: { role: "assistant", content: "Hi", tool_calls: "now" } }],
])("a whole answer whose choice is %s leaves a span", async (_name, choice) => {
  for (const format of ["chat", "messages"] as const) {
    upstream.next.push((response) => sendJson(response, 200, { ...chatAnswer(), choices: [choice] }));
    const { state } = await open.ask(format, request);
    expect(state.isEnded).toBe(true);
    expect((await open.span()).inputTokens).toBe(12);
  }
  expect(open.problems).toEqual([]);
});

test("half an object that mentions an error is reported as the provider's failure", async () => {
  upstream.next.push((response) => sendJson(response, 200, '{"error": {"message": "cut'));
  const { state } = await open.ask("chat", request);
  expect(state.status).toBe(502);
  expect((await open.span()).attempts[0]).toMatchObject({ status: 502 });
});

test("an answer without choices is an error for a caller inside this program too", async () => {
  upstream.next.push((response) => sendJson(response, 200, { id: "x", object: "chat.completion" }));
  await expect(open.complete(request)).rejects.toMatchObject({ code: "provider_failed" });
  expect(await open.span()).toMatchObject({ status: "error", errorType: "provider_failed" });
});

test("an image that a model generates in a stream is in its span", async () => {
  const url = "data:image/png;base64,iVBORw0KGgo=";
  streamed(chatChunk({ images: [{ type: "image_url", image_url: { url } }] }));
  await open.ask("chat", { ...request, stream: true });
  const [message] = (await open.span()).output as { parts: object[] }[];
  expect(message?.parts).toContainEqual({
    type: "blob",
    modality: "image",
    mime_type: "image/png",
    content: "iVBORw0KGgo=",
  });
});
