import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { LOCAL_EMBEDDINGS, LOCAL_MODEL, openWorld, type World } from "./world.ts";

let world: World;
let client: OpenAI;
const tools: OpenAI.ChatCompletionTool[] = ["get_weather", "get_time"].map((name) => ({
  type: "function",
  function: {
    name,
    description: `The ${name.slice(4)} in a city`,
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
}));
const City = z.object({ city: z.string(), population: z.number() });

beforeAll(async () => {
  world = await openWorld();
  client = new OpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey: world.treadle.apiKey, maxRetries: 0 });
}, 300_000);
afterAll(() => world?.close());

describe("npm openai against a scripted provider", () => {
  const model = "scripted/echo-1";
  const messages = [{ role: "user" as const, content: "hello there" }];

  test("a chat is answered, with the usage the provider gave", async () => {
    const answer = await client.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).toBe("You said: hello there");
    expect(answer.usage).toMatchObject({
      prompt_tokens: 11,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 3 },
    });
    expect(world.provider.seen.at(-1)).toMatchObject({
      headers: { authorization: "Bearer sk-scripted-secret" },
      body: { model: "echo-1" },
    });
  });

  test("a stream arrives in pieces and shows usage only when it was asked for", async () => {
    const plain = await client.chat.completions.create({ model, messages, stream: true });
    const chunks = await Array.fromAsync(plain);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("You said: hello there");
    expect(chunks.some((chunk) => chunk.usage)).toBe(false);
    const counted = await Array.fromAsync(
      await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } }),
    );
    expect(counted.at(-1)?.usage?.total_tokens).toBe(18);
  });

  test("parallel tool calls come whole, streamed and not, and their results go back", async () => {
    const request = { model, messages: [{ role: "user" as const, content: "weather and time in Paris" }], tools };
    const whole = await client.chat.completions.create(request);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      const calls = answer.choices[0]?.message.tool_calls ?? [];
      expect(
        calls.map((call) => call.type === "function" && [call.function.name, JSON.parse(call.function.arguments)]),
      ).toEqual([
        ["get_weather", { city: "Paris" }],
        ["get_time", { city: "Paris" }],
      ]);
    }
    const message = whole.choices[0]?.message as OpenAI.ChatCompletionMessageParam;
    const results = ["call_0", "call_1"].map((id) => ({ role: "tool" as const, tool_call_id: id, content: "fine" }));
    const last = await client.chat.completions.create({
      model,
      messages: [...request.messages, message, ...results],
      tools,
    });
    expect(last.choices[0]?.message.content).toBe("You said: fine");
  });

  test("a JSON schema gives a parsed object", async () => {
    const answer = await client.chat.completions.parse({
      model,
      messages,
      response_format: zodResponseFormat(City, "city"),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: "Paris", population: 2_102_650 });
  });

  test("embeddings come as numbers, whichever encoding the client asks for", async () => {
    const answer = await client.embeddings.create({ model, input: ["a", "b"] });
    expect(answer.data.map((item) => Array.from(item.embedding))).toEqual([
      [0.25, -0.5, 0.75],
      [0.25, -0.5, 0.75],
    ]);
  });

  test("responses are answered, plain and streamed", async () => {
    const answer = await client.responses.create({ model, input: "hello there" });
    expect(answer.output_text).toBe("You said: hello there");
    const stream = client.responses.stream({ model, input: "hello there" });
    expect((await stream.finalResponse()).output_text).toBe("You said: hello there");
  });

  test("custom tools and tools of a namespace are called, plain and streamed, and their results are read", async () => {
    const parameters = { type: "object", properties: { city: { type: "string" } } };
    const asked = {
      model,
      input: [{ role: "user" as const, content: "hello there" }] as OpenAI.Responses.ResponseInput,
      tools: [
        { type: "custom", name: "apply_patch" },
        { type: "namespace", name: "weather", description: "", tools: [{ type: "function", name: "now", parameters }] },
        { type: "web_search" },
      ] as OpenAI.Responses.Tool[],
    };
    const calls = [
      { type: "custom_tool_call", call_id: "call_0", name: "apply_patch", input: 'Paris, "as it is"' },
      { type: "function_call", call_id: "call_1", name: "now", namespace: "weather", arguments: '{"city":"Paris"}' },
    ];
    const { data, response } = await client.responses.create(asked).withResponse();
    expect(data.output).toMatchObject(calls);
    expect(response.headers.get("x-treadle-warnings")).toContain("web_search");
    const streamed = await client.responses.stream(asked).finalResponse();
    expect(streamed.output).toMatchObject(calls);
    const results: OpenAI.Responses.ResponseInput = [
      { type: "custom_tool_call_output", call_id: "call_0", output: "patched" },
      { type: "function_call_output", call_id: "call_1", output: "it rains" },
    ];
    const answer = await client.responses.create({
      ...asked,
      input: [...asked.input, ...data.output, ...results] as OpenAI.Responses.ResponseInput,
    });
    expect(answer.output_text).toBe("You said: it rains");
  });

  test.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError],
  ])("a provider's %i is the client's own error class", async (status, kind) => {
    const request = client.chat.completions.create({ model: `scripted/error-${status}`, messages });
    await expect(request).rejects.toBeInstanceOf(kind);
    await expect(request).rejects.toThrow(`scripted ${status}`);
  });
});

describe("npm openai against the local model", () => {
  const model = LOCAL_MODEL;
  const messages = [{ role: "user" as const, content: "What is the capital of France? Answer in one short sentence." }];

  test("a chat is answered in the model's own words", async () => {
    const answer = await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 24 });
    expect(answer.choices[0]?.message.content).toMatch(/Paris/);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(2);
  });

  test("a stream adds up to the same answer, and the seed makes it repeatable", async () => {
    const request = { model, messages, temperature: 0.8, seed: 7, max_tokens: 16 };
    const whole = await client.chat.completions.create(request);
    const chunks = await Array.fromAsync(await client.chat.completions.create({ ...request, stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(
      whole.choices[0]?.message.content,
    );
  });

  test("log-probabilities are real: each is at most 0 and the chosen token is among the best", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages,
      temperature: 0,
      max_tokens: 4,
      logprobs: true,
      top_logprobs: 3,
    });
    const tokens = answer.choices[0]?.logprobs?.content ?? [];
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) {
      expect(token.logprob).toBeLessThanOrEqual(0);
      expect(token.top_logprobs.map((top) => top.token)).toContain(token.token);
    }
  });

  test("a grammar enforces a JSON schema", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Give the city Paris with its population." }],
      response_format: zodResponseFormat(City, "city"),
      max_tokens: 80,
      temperature: 0,
    });
    expect(City.safeParse(JSON.parse(answer.choices[0]?.message.content ?? "")).success).toBe(true);
  });

  test("a forced tool call has arguments that fit", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "What is the weather in Paris?" }],
      tools,
      tool_choice: { type: "function", function: { name: "get_weather" } },
      max_tokens: 60,
      temperature: 0,
    });
    const call = answer.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && [call.function.name, typeof JSON.parse(call.function.arguments).city]).toEqual([
      "get_weather",
      "string",
    ]);
  });

  test("text completions continue the prompt", async () => {
    const answer = await client.completions.create({
      model,
      prompt: "The capital of France is",
      max_tokens: 4,
      temperature: 0,
    });
    expect(answer.choices[0]?.text).toMatch(/Paris/);
  });

  test("embeddings put a paraphrase nearer than another subject", async () => {
    const input = [
      "How do I reset my password?",
      "I forgot my password, how can I change it?",
      "The weather is sunny today.",
    ];
    const { data } = await client.embeddings.create({ model: LOCAL_EMBEDDINGS, input });
    const [first, near, far] = data.map((item) => item.embedding) as [number[], number[], number[]];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    expect(dot(first, near)).toBeGreaterThan(dot(first, far) + 0.2);
  });
});

describe("npm openai and the gateway itself", () => {
  test("models lists the local ones and the connection's", async () => {
    const ids = (await Array.fromAsync(client.models.list())).map((model) => model.id);
    expect(ids).toEqual(expect.arrayContaining([LOCAL_MODEL, LOCAL_EMBEDDINGS, "scripted/echo-1"]));
    expect((await client.models.retrieve(LOCAL_MODEL)).id).toBe(LOCAL_MODEL);
  });

  test("an unknown model is a 404 that says what there is", async () => {
    const request = client.chat.completions.create({ model: "nope", messages: [{ role: "user", content: "x" }] });
    await expect(request).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(request).rejects.toThrow(/nope.*smollm2/s);
  });

  test("a wrong key is a 401, and a key without the right is a 403", async () => {
    const requestWith = (apiKey: string) =>
      new OpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey, maxRetries: 0 }).chat.completions.create({
        model: LOCAL_MODEL,
        messages: [{ role: "user", content: "x" }],
      });
    await expect(requestWith("tr_wrong")).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(requestWith(world.weakKey)).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  test("a body that is out of bounds is a 400 that names the field", async () => {
    const request = client.chat.completions.create({ model: LOCAL_MODEL, messages: [], max_tokens: 1 });
    await expect(request).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(request).rejects.toThrow(/messages/);
  });

  test("a provider that is not there is a 502 the client can retry", async () => {
    await world.call("POST /api/v1/connections", {
      body: { slug: "gone", preset: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1", maxRetries: 0 },
    });
    const request = client.chat.completions.create({ model: "gone/x", messages: [{ role: "user", content: "x" }] });
    await expect(request).rejects.toMatchObject({ status: 502 });
  });
});
