import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { LOCAL_EMBEDDINGS, LOCAL_MODEL, openWorld, type World } from "./world.ts";

let world: World;
let openai: ReturnType<typeof createOpenAI>;
beforeAll(async () => {
  world = await openWorld();
  openai = createOpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey: world.treadle.apiKey });
}, 300_000);
afterAll(() => world?.close());

const getWeather = tool({
  description: "The weather",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `sunny in ${city}`,
});

describe.each(["chat", "responses"] as const)("the AI SDK's %s models against a scripted provider", (kind) => {
  const model = () => openai[kind]("scripted/echo-1");

  test("text is generated and streamed", async () => {
    const whole = await generateText({ model: model(), prompt: "hello there", maxRetries: 0 });
    expect(whole.text).toBe("You said: hello there");
    expect(whole.usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
    const stream = streamText({ model: model(), prompt: "hello there", maxRetries: 0 });
    expect(await stream.text).toBe("You said: hello there");
    expect((await stream.usage).outputTokens).toBe(7);
  });

  test("a tool runs and its result comes back", async () => {
    const answer = await generateText({
      model: model(),
      prompt: "weather?",
      tools: { getWeather },
      stopWhen: stepCountIs(2),
      maxRetries: 0,
    });
    expect(answer.text).toContain("sunny in Paris");
  });

  test("an object fits its schema", async () => {
    const { object } = await generateObject({
      model: model(),
      schema: z.object({ city: z.string(), population: z.number() }),
      prompt: "Paris",
      maxRetries: 0,
    });
    expect(object).toEqual({ city: "Paris", population: 2_102_650 });
  });

  test.each([400, 401, 404, 429, 500])("a provider's %i is an APICallError with that status", async (statusCode) => {
    const request = generateText({ model: openai[kind](`scripted/error-${statusCode}`), prompt: "x", maxRetries: 0 });
    await expect(request).rejects.toMatchObject({
      name: "AI_APICallError",
      statusCode,
      message: expect.stringContaining(`scripted ${statusCode}`),
    });
  });
});

describe("the AI SDK against the local model", () => {
  test("text is generated and streamed in the model's own words", async () => {
    const request = {
      model: openai.chat(LOCAL_MODEL),
      prompt: "What is the capital of France? Answer in one short sentence.",
      temperature: 0,
      maxOutputTokens: 24,
    };
    expect((await generateText(request)).text).toContain("Paris");
    expect(await streamText(request).text).toContain("Paris");
  });

  test("an object fits its schema", async () => {
    const schema = z.object({ city: z.string(), country: z.string() });
    const { object } = await generateObject({
      model: openai.chat(LOCAL_MODEL),
      schema,
      prompt: "Paris is in France.",
      temperature: 0,
      maxOutputTokens: 80,
    });
    expect(schema.safeParse(object).success).toBe(true);
  });

  test("embeddings have one vector for each text", async () => {
    const { embeddings } = await embedMany({ model: openai.embedding(LOCAL_EMBEDDINGS), values: ["one", "two"] });
    expect(embeddings.map((vector) => vector.length)).toEqual([512, 512]);
  });
});
