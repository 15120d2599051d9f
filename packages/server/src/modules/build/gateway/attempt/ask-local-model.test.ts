import { ChatRequest, CompletionRequest } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import type { GenerateEvent, GenerateRequest, Inference } from "../../../../platform/inference/port.ts";
import { connectionTo, openTestGateway, SCOPE, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, startUpstream } from "../testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
let asked: GenerateRequest[];
let events: (signal: AbortSignal) => AsyncGenerator<GenerateEvent>;

const done: GenerateEvent = { type: "done", finishReason: "stop", promptTokens: 9, completionTokens: 2 };
async function* hello(): AsyncGenerator<GenerateEvent> {
  yield { type: "text", text: "Hel" };
  yield { type: "text", text: "lo" };
  yield done;
}
const inference = {
  generate: (request: GenerateRequest, signal: AbortSignal) => {
    asked.push(request);
    return events(signal);
  },
  embed: async ({ texts }: { texts: readonly string[] }) => ({ vectors: texts.map(() => [0.5, 0.25]), tokens: 3 }),
} as unknown as Inference;

beforeAll(async () => {
  const models = {
    isLocal: (id: string): boolean => id === "smollm2",
    absence: () => null,
    listReady: () => [{ modelId: "smollm2" }],
    prices: { cost: () => 1 },
  };
  open = await openTestGateway({ inference, models });
  upstream = await startUpstream();
});
afterAll(async () => {
  await open.close();
  await upstream.close();
});
beforeEach(() => {
  asked = [];
  events = hello;
});

const request = { model: "smollm2", messages: [{ role: "user", content: "Hi" }], temperature: 0 };

test("a local model answers like any provider, costs nothing, and alternates between projects", async () => {
  const { json, state } = await open.ask("chat", request);
  expect(json()).toMatchObject({
    object: "chat.completion",
    model: "smollm2",
    choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 9 },
  });
  expect(state.headers["x-treadle-model"]).toBe("smollm2");
  expect(asked[0]).toMatchObject({ modelId: "smollm2", caller: SCOPE.projectId, temperature: 0 });
  expect(await open.span()).toMatchObject({
    provider: "local",
    inputTokens: 9,
    outputTokens: 2,
    costUsd: 0,
    status: "ok",
  });
});

test("streams in every format", async () => {
  const chat = await open.ask("chat", { ...request, stream: true });
  expect(chat.text()).toMatch(/"content":"Hel"[\s\S]*"content":"lo"[\s\S]*\[DONE\]\n\n$/);
  const messages = await open.ask("messages", { ...request, stream: true, max_tokens: 5 });
  expect(messages.text()).toMatch(/event: message_start[\s\S]*"text":"Hel"[\s\S]*event: message_stop/);
  const responses = await open.ask("responses", { model: "smollm2", input: "Hi", stream: true });
  expect(responses.text()).toMatch(/response\.created[\s\S]*"delta":"Hel"[\s\S]*response\.completed/);
  for (const span of await open.spans()) expect(span).toMatchObject({ status: "ok", outputTokens: 2 });
});

test("a text completion continues its text, without the chat template", async () => {
  const { json } = await open.ask("completions", { model: "smollm2", prompt: "Once upon" });
  expect(asked[0]?.prompt).toEqual({ text: "Once upon" });
  expect(json()).toMatchObject({ object: "text_completion", choices: [{ text: "Hello" }] });
  await open.spans();
});

test("a text completion accepts 0 for max_tokens and best_of", async () => {
  const body = { model: "smollm2", prompt: "Once upon", max_tokens: 0, best_of: 0 };
  expect(CompletionRequest.safeParse(body).success).toBe(true);
  expect(ChatRequest.safeParse({ ...request, max_tokens: 0 }).success).toBe(false);
  await open.ask("completions", body);
  expect(asked[0]?.maxTokens).toBe(0);
  await open.spans();
});

test("texts become vectors; token ids are rejected with a message", async () => {
  const { json } = await open.ask("embeddings", { model: "smollm2", input: ["a", "b"] });
  expect(json()).toMatchObject({
    object: "list",
    data: [{ index: 0, embedding: [0.5, 0.25] }, { index: 1 }],
    usage: { prompt_tokens: 3 },
  });
  await expect(open.ask("embeddings", { model: "smollm2", input: [[1, 2]] })).rejects.toMatchObject({
    code: "unprocessable",
  });
  await open.spans();
});

test("an error before the first token falls back, and is the gateway's error when no target is left", async () => {
  open.connect(connectionTo(upstream.url));
  // biome-ignore lint/correctness/useYield: it fails before it gives anything
  events = async function* () {
    throw new AppError("model_failed");
  };
  const { state } = await open.ask("chat", request, { headers: { "x-treadle-fallback": "openai/gpt-4o" } });
  expect(state.headers["x-treadle-model"]).toBe("openai/gpt-4o");
  await expect(open.ask("chat", request)).rejects.toMatchObject({ code: "model_failed" });
  const [, failed] = await open.spans();
  expect(failed).toMatchObject({
    status: "error",
    errorType: "model_failed",
    attempts: [{ connection: "local", model: "smollm2" }],
  });
});

test("an error in the middle of a stream is reported in the stream", async () => {
  events = async function* () {
    yield { type: "text", text: "Hel" };
    throw new AppError("model_failed", { message: "The local model stopped." });
  };
  const { text } = await open.ask("chat", { ...request, stream: true });
  expect(text()).toMatch(/"Hel"[\s\S]*"error":\{"message":"The local model stopped\."/);
  expect(await open.span()).toMatchObject({ status: "error", output: [{ parts: [{ content: "Hel" }] }] });
});

test("a caller that disconnects stops the model", async () => {
  let stopped = false;
  events = async function* (signal) {
    try {
      yield { type: "text", text: "Hel" };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    } finally {
      stopped = true;
    }
  };
  const leave = new AbortController();
  const { done: sent, text } = open.begin("chat", { ...request, stream: true }, { signal: leave.signal });
  await expect.poll(text).toContain("Hel");
  leave.abort();
  await sent;
  expect(stopped).toBe(true);
  expect(await open.span()).toMatchObject({ status: "cancelled", output: [{ parts: [{ content: "Hel" }] }] });
});
