import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { LOCAL_EMBEDDINGS, LOCAL_MODEL, openWorld, type World } from "./world.ts";

let world: World;
const open = (model: string) =>
  new ChatOpenAI({
    model,
    apiKey: world.treadle.apiKey,
    maxRetries: 0,
    temperature: 0,
    maxTokens: 40,
    configuration: { baseURL: `${world.treadle.url}/v1` },
  });
beforeAll(async () => {
  world = await openWorld();
}, 300_000);
afterAll(() => world?.close());

const weather = tool(async () => "sunny", {
  name: "get_weather",
  description: "The weather",
  schema: z.object({ city: z.string() }),
});

describe("LangChain's ChatOpenAI", () => {
  test("invokes and streams a scripted provider", async () => {
    const answer = await open("scripted/echo-1").invoke("hello there");
    expect(answer.text).toBe("You said: hello there");
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 7 });
    const chunks = await Array.fromAsync(await open("scripted/echo-1").stream("hello there"));
    expect(chunks.map((chunk) => chunk.text).join("")).toBe("You said: hello there");
  });

  test("binds tools and gives structured output", async () => {
    const answer = await open("scripted/echo-1").bindTools([weather]).invoke("weather?");
    expect(answer.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Paris" } }]);
    const structured = open("scripted/echo-1").withStructuredOutput(
      z.object({ city: z.string(), population: z.number() }),
      { method: "jsonSchema" },
    );
    expect(await structured.invoke("Paris")).toEqual({ city: "Paris", population: 2_102_650 });
  });

  test.each([400, 401, 404, 429, 500])("throws with the status of a provider's %i", async (status) => {
    await expect(open(`scripted/error-${status}`).invoke("x")).rejects.toMatchObject({ status });
  });

  test("invokes and streams the local model", async () => {
    const question = "What is the capital of France? Answer in one short sentence.";
    expect((await open(LOCAL_MODEL).invoke(question)).text).toContain("Paris");
    const chunks = await Array.fromAsync(await open(LOCAL_MODEL).stream(question));
    expect(chunks.map((chunk) => chunk.text).join("")).toContain("Paris");
  });

  test("embeds documents", async () => {
    const embeddings = new OpenAIEmbeddings({
      model: LOCAL_EMBEDDINGS,
      apiKey: world.treadle.apiKey,
      configuration: { baseURL: `${world.treadle.url}/v1` },
    });
    expect((await embeddings.embedDocuments(["one", "two"])).map((vector) => vector.length)).toEqual([512, 512]);
  });
});
