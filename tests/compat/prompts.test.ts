import { LangfuseClient } from "@langfuse/client";
import { Langfuse } from "langfuse";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./world.ts";

let world: World;
let langfuse: Langfuse;

beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
  const { call, treadle } = world;
  langfuse = new Langfuse({ publicKey: "pk-lf-any", secretKey: treadle.apiKey, baseUrl: treadle.url, flushAt: 1 });
  await call("POST /api/v1/prompts", {
    body: { type: "text", name: "parts/tone", template: "Be {{tone}}.", labels: ["production"] },
  });
  await call("POST /api/v1/prompts", {
    body: {
      type: "chat",
      name: "support/answer",
      tags: ["support"],
      model: "scripted/echo-1",
      parameters: { temperature: 0.5 },
      message: "The first",
      labels: ["production"],
      messages: [
        { role: "system", content: "{{> parts/tone}}" },
        { placeholder: "history" },
        { role: "user", content: "{{question}}" },
      ],
    },
  });
});
afterAll(async () => {
  await langfuse?.shutdownAsync();
  await world?.close();
});

test("npm langfuse reads a text prompt, compiles it, and finds it in its cache", async () => {
  const prompt = await langfuse.getPrompt("parts/tone");
  expect(prompt).toMatchObject({
    name: "parts/tone",
    version: 1,
    type: "text",
    prompt: "Be {{tone}}.",
    isFallback: false,
  });
  expect(prompt.compile({ tone: "kind" })).toBe("Be kind.");
  expect(await langfuse.getPrompt("parts/tone")).toBe(prompt);
});

test("npm langfuse reads a chat prompt with its includes, placeholder, labels, tags and configuration", async () => {
  const prompt = await langfuse.getPrompt("support/answer", undefined, { type: "chat", label: "production" });
  expect(prompt).toMatchObject({
    version: 1,
    labels: ["production", "latest"],
    tags: ["support"],
    config: { model: "scripted/echo-1", temperature: 0.5 },
    commitMessage: "The first",
  });
  const history = [{ role: "assistant", content: "Yes?" }];
  expect(prompt.compile({ tone: "kind", question: "Why?" }, { history })).toEqual([
    { role: "system", content: "Be kind." },
    ...history,
    { role: "user", content: "Why?" },
  ]);
});

test("npm langfuse reads a version by its number, and gets an error for a missing version", async () => {
  expect(await langfuse.getPrompt("support/answer", 1, { type: "chat" })).toMatchObject({ version: 1 });
  await expect(langfuse.getPrompt("support/answer", 7, { type: "chat", maxRetries: 0 })).rejects.toThrow();
  const fallback = await langfuse.getPrompt("nowhere", undefined, { fallback: "Hi {{name}}", maxRetries: 0 });
  expect([fallback.isFallback, fallback.compile({ name: "Ada" })]).toEqual([true, "Hi Ada"]);
});

test("npm @langfuse/client reads text and chat prompts, compiles them, and gets an error for a missing prompt", async () => {
  const { treadle } = world;
  const client = new LangfuseClient({ publicKey: "pk-lf-any", secretKey: treadle.apiKey, baseUrl: treadle.url });
  const text = await client.prompt.get("parts/tone");
  expect([text.version, text.compile({ tone: "kind" })]).toEqual([1, "Be kind."]);
  const chat = await client.prompt.get("support/answer", { type: "chat", label: "production" });
  const history = [{ role: "assistant", content: "Yes?" }];
  expect(chat.compile({ tone: "kind", question: "Why?" }, { history })).toEqual([
    { role: "system", content: "Be kind." },
    ...history,
    { role: "user", content: "Why?" },
  ]);
  await expect(client.prompt.get("nowhere", { maxRetries: 0 })).rejects.toMatchObject({ statusCode: 404 });
});

test("npm openai calls a stored prompt, plain and streamed, and the span names its version", async () => {
  const { treadle, provider, call } = world;
  const client = new OpenAI({ baseURL: `${treadle.url}/v1`, apiKey: treadle.apiKey, maxRetries: 0 });
  const prompt = { name: "support/answer", label: "production", inputs: { tone: "kind", question: "Why?" } };
  const request = { model: "scripted/echo-1", messages: [], prompt };
  const { data, response } = await client.chat.completions.create(request).withResponse();
  expect(data.choices[0]?.message.content).toBe("You said: Why?");
  expect(provider.seen.at(-1)?.body).toEqual({
    model: "echo-1",
    temperature: 0.5,
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Why?" },
    ],
  });
  const chunks = await Array.fromAsync(await client.chat.completions.create({ ...request, stream: true }));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("You said: Why?");
  const params = {
    traceId: response.headers.get("x-treadle-trace-id") ?? "",
    spanId: response.headers.get("x-treadle-span-id") ?? "",
  };
  await expect
    .poll(() => call("GET /api/v1/traces/:traceId/spans/:spanId", { params }).catch(() => null), { timeout: 15_000 })
    .toMatchObject({ promptName: "support/answer", promptVersion: "1" });
});

test("npm openai's responses call a stored prompt by its name", async () => {
  const { treadle } = world;
  const client = new OpenAI({ baseURL: `${treadle.url}/v1`, apiKey: treadle.apiKey, maxRetries: 0 });
  const prompt = { name: "support/answer", inputs: { tone: "kind", question: "Why?" } };
  const request = {
    model: "scripted/echo-1",
    input: "Say why.",
    prompt,
  } as object as OpenAI.Responses.ResponseCreateParamsNonStreaming;
  // The prompt ends with a user's message, and a server that uses a chat template joins it with the caller's.
  expect((await client.responses.create(request)).output_text).toBe("You said: Why?\n\nSay why.");
});
