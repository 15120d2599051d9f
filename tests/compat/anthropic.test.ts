import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_MODEL, openWorld, type World } from "./world.ts";

let world: World;
let client: Anthropic;
beforeAll(async () => {
  world = await openWorld();
  client = new Anthropic({ baseURL: world.treadle.url, apiKey: world.treadle.apiKey, maxRetries: 0 });
}, 300_000);
afterAll(() => world?.close());

const weather: Anthropic.Tool = {
  name: "get_weather",
  description: "The weather in a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

describe("@anthropic-ai/sdk against a scripted OpenAI-compatible provider", () => {
  const ask = {
    model: "scripted/echo-1",
    max_tokens: 50,
    messages: [{ role: "user" as const, content: "hello there" }],
  };

  test("a message is answered in Anthropic's shape", async () => {
    const answer = await client.messages.create(ask);
    expect(answer).toMatchObject({
      type: "message",
      role: "assistant",
      stop_reason: "end_turn",
      content: [{ type: "text", text: "You said: hello there" }],
    });
    expect(answer.usage).toMatchObject({ input_tokens: 8, cache_read_input_tokens: 3, output_tokens: 7 });
  });

  test("a stream passes the SDK's own accumulator", async () => {
    const stream = client.messages.stream(ask);
    const texts: string[] = [];
    stream.on("text", (text) => texts.push(text));
    const final = await stream.finalMessage();
    expect(final.content).toMatchObject([{ type: "text", text: "You said: hello there" }]);
    expect(texts.length).toBeGreaterThan(1);
    expect(final.usage.output_tokens).toBe(7);
  });

  test("tool use and its result go round, streamed and not", async () => {
    const asked = { ...ask, tools: [weather] };
    for (const answer of [await client.messages.create(asked), await client.messages.stream(asked).finalMessage()]) {
      expect(answer.stop_reason).toBe("tool_use");
      expect(answer.content).toMatchObject([{ type: "tool_use", name: "get_weather", input: { city: "Paris" } }]);
    }
    const last = await client.messages.create({
      ...asked,
      messages: [
        ...ask.messages,
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "call_0", name: "get_weather", input: { city: "Paris" } }],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_0", content: "sunny" }] },
      ],
    });
    expect(last.content).toMatchObject([{ type: "text", text: "You said: sunny" }]);
  });

  test("tokens can be counted before a call", async () => {
    const { input_tokens } = await client.messages.countTokens({ model: "scripted/echo-1", messages: ask.messages });
    expect(input_tokens).toBeGreaterThan(0);
  });

  test.each([
    [400, Anthropic.BadRequestError],
    [401, Anthropic.AuthenticationError],
    [403, Anthropic.PermissionDeniedError],
    [404, Anthropic.NotFoundError],
    [422, Anthropic.UnprocessableEntityError],
    [429, Anthropic.RateLimitError],
    [500, Anthropic.InternalServerError],
  ])("a provider's %i is the client's own error class", async (status, kind) => {
    const request = client.messages.create({ ...ask, model: `scripted/error-${status}` });
    await expect(request).rejects.toBeInstanceOf(kind);
    await expect(request).rejects.toMatchObject({
      error: { type: "error", error: { message: expect.stringContaining(`scripted ${status}`) } },
    });
  });
});

describe("@anthropic-ai/sdk against the local model", () => {
  const request = {
    model: LOCAL_MODEL,
    max_tokens: 24,
    temperature: 0,
    messages: [{ role: "user" as const, content: "What is the capital of France? Answer in one short sentence." }],
  };

  test("a message is answered in the model's own words, streamed and not", async () => {
    const whole = await client.messages.create(request);
    const streamed = await client.messages.stream(request).finalMessage();
    for (const answer of [whole, streamed])
      expect(answer.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("Paris") });
    expect(streamed.usage.output_tokens).toBeGreaterThan(2);
  });

  test("a forced tool is used with arguments that fit", async () => {
    const answer = await client.messages.create({
      ...request,
      max_tokens: 60,
      tools: [weather],
      tool_choice: { type: "tool", name: "get_weather" },
    });
    expect(answer.content.at(-1)).toMatchObject({
      type: "tool_use",
      name: "get_weather",
      input: { city: expect.any(String) },
    });
  });

  test("tokens are counted with the model's own tokenizer", async () => {
    const { input_tokens } = await client.messages.countTokens({ model: LOCAL_MODEL, messages: request.messages });
    const { usage } = await client.messages.create(request);
    expect(input_tokens).toBe(usage.input_tokens);
  });

  test("a wrong key and an unknown model are the SDK's own errors", async () => {
    const wrong = new Anthropic({ baseURL: world.treadle.url, apiKey: "tr_wrong", maxRetries: 0 });
    await expect(wrong.messages.create(request)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(client.messages.create({ ...request, model: "nope" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});
