import { once } from "node:events";
import { createServer } from "node:http";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTracing, type Tracing, wrapAnthropic, wrapOpenAI } from "../../packages/sdk/src/trace/index.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let tracing: Tracing;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
  tracing = createTracing({ baseUrl: world.treadle.url, apiKey: world.treadle.apiKey, service: "shop" });
}, 300_000);
afterAll(async () => {
  await tracing?.shutdown();
  await world?.close();
});

const model = "scripted/echo-1";
const messages = [{ role: "user" as const, content: "hello there" }];

/** The spans of a trace once there are `count` of them, in the order of their start. */
async function spansOf(traceId: string, count: number) {
  await tracing.flush();
  const read = async () => (await world.call("GET /api/v1/spans", { query: { traceId, limit: 100 } })).items;
  await expect.poll(async () => (await read()).length, { timeout: 20_000 }).toBe(count);
  return (await read()).sort((a, b) => a.startTime.localeCompare(b.startTime));
}
test("openai called inside an HTTP handler is one trace: handler, tool, the gateway's generation", async () => {
  const client = wrapOpenAI(
    tracing,
    new OpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey: world.treadle.apiKey, maxRetries: 0 }),
  );
  const lookUp = tracing.observe({ name: "look up", kind: "tool" }, async (question: string) => {
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content: question }] });
    return answer.choices[0]?.message.content;
  });
  const server = createServer((request, response) =>
    tracing.continueFrom(request.headers, () =>
      tracing.with({ userId: "ada", sessionId: "chat-1", tags: ["web"], metadata: { page: "/help" } }, () =>
        tracing.span({ name: "GET /help", kind: "chain" }, async (span) => {
          response.setHeader("x-trace", span.traceId).end(await lookUp("hello there"));
        }),
      ),
    ),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/help`);
  expect(await answer.text()).toBe("You said: hello there");
  server.close();

  const spans = await spansOf(answer.headers.get("x-trace") ?? "", 3);
  // The spans come from two clocks, so the test checks the order of parents and children instead of times that differ by microseconds.
  const [handler, tool, generation] = ["chain", "tool", "generation"].map((kind) =>
    spans.find((span) => span.kind === kind),
  );
  expect(handler).toMatchObject({ name: "GET /help", kind: "chain", parentSpanId: "", service: "shop" });
  expect(tool).toMatchObject({ name: "look up", kind: "tool", parentSpanId: handler?.spanId });
  expect(generation).toMatchObject({
    kind: "generation",
    parentSpanId: tool?.spanId,
    requestModel: model,
    inputTokens: 11,
    outputTokens: 7,
  });
  for (const span of [handler, tool, generation])
    expect(span).toMatchObject({ userId: "ada", sessionId: "chat-1", tags: ["web"] });
});

describe("a client of another server is recorded here", () => {
  // Another name of the same server. The client does not recognise it, but the gateway answers.
  const elsewhere = () => world.treadle.url.replace("127.0.0.1", "localhost");
  const openai = () =>
    wrapOpenAI(tracing, new OpenAI({ baseURL: `${elsewhere()}/v1`, apiKey: world.treadle.apiKey, maxRetries: 0 }));

  test("a whole answer, with its messages, usage and parameters", async () => {
    const traceId = await tracing.span("whole", async (span) => {
      const answer = await openai().chat.completions.create({ model, messages, temperature: 0.5 });
      expect(answer.choices[0]?.message.content).toBe("You said: hello there");
      return span.traceId;
    });
    await spansOf(traceId, 2);
    expect(await detailOfTwo(traceId)).toMatchObject({
      kind: "generation",
      provider: "openai",
      requestModel: model,
      responseModel: "echo-1",
      inputTokens: 11,
      cachedInputTokens: 3,
      outputTokens: 7,
      input: messages,
      output: [{ role: "assistant", content: "You said: hello there", finish_reason: "stop" }],
      parameters: { temperature: 0.5 },
    });
  });

  test("a stream is recorded with the time of its first chunk, however it is read", async () => {
    const read = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>) =>
      (await Array.fromAsync(stream)).map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
    const request = { model, messages, stream: true, stream_options: { include_usage: true } } as const;
    const plain = await traced(async () => read(await openai().chat.completions.create(request)));
    const teed = await traced(async () => {
      const [one, two] = (await openai().chat.completions.create(request)).tee();
      return (await Promise.all([read(one), read(two)]))[0];
    });
    const raw = await traced(async () => read((await openai().chat.completions.create(request).withResponse()).data));
    for (const { traceId, result } of [plain, teed, raw]) {
      expect(result).toBe("You said: hello there");
      await spansOf(traceId, 2);
      const span = await detailOfTwo(traceId);
      expect(span).toMatchObject({ inputTokens: 11, outputTokens: 7 });
      expect(span?.output).toMatchObject([{ role: "assistant", content: "You said: hello there" }]);
      expect(span?.timeToFirstTokenMs).toBeGreaterThan(0);
    }
  });

  test("the streaming helper, the raw response, embeddings and responses", async () => {
    const client = openai();
    const helper = await traced(async () => client.chat.completions.stream({ model, messages }).finalContent());
    expect(helper.result).toBe("You said: hello there");
    await spansOf(helper.traceId, 2);
    expect(await detailOfTwo(helper.traceId)).toMatchObject({ kind: "generation", status: "ok" });

    const raw = await traced(async () =>
      (await client.chat.completions.create({ model, messages }).asResponse()).json(),
    );
    expect(raw.result).toMatchObject({ object: "chat.completion" });
    await spansOf(raw.traceId, 2);

    const embedding = await traced(async () => client.embeddings.create({ model, input: "hello" }));
    expect(embedding.result.data).toHaveLength(1);
    await spansOf(embedding.traceId, 2);
    expect(await detailOfTwo(embedding.traceId)).toMatchObject({ kind: "embedding", input: "hello" });

    const response = await traced(async () => client.responses.create({ model, input: "hello there" }));
    expect(response.result.output_text).toBe("You said: hello there");
    await spansOf(response.traceId, 2);
    expect(await detailOfTwo(response.traceId)).toMatchObject({
      input: [{ role: "user", content: "hello there" }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "You said: hello there" }] }],
    });
  });

  test("an error is the caller's as it was, and the span's", async () => {
    const { traceId, result } = await traced(async () =>
      openai()
        .chat.completions.create({ model: "nobody/knows", messages })
        .catch((error: unknown) => error),
    );
    expect(result).toBeInstanceOf(OpenAI.NotFoundError);
    await spansOf(traceId, 2);
    expect(await detailOfTwo(traceId)).toMatchObject({ status: "error", requestModel: "nobody/knows" });
  });

  test("Anthropic's messages, whole and streamed", async () => {
    const client = wrapAnthropic(
      tracing,
      new Anthropic({ baseURL: elsewhere(), apiKey: world.treadle.apiKey, maxRetries: 0 }),
    );
    const request = { model, max_tokens: 50, messages, system: "Be brief." };
    const whole = await traced(async () => client.messages.create(request));
    const streamed = await traced(async () =>
      Array.fromAsync(await client.messages.create({ ...request, stream: true })),
    );
    const helper = await traced(async () => client.messages.stream(request).finalMessage());
    for (const { traceId } of [whole, streamed, helper]) {
      await spansOf(traceId, 2);
      expect(await detailOfTwo(traceId)).toMatchObject({
        provider: "anthropic",
        inputTokens: 11,
        cachedInputTokens: 3,
        outputTokens: 7,
        input: [{ role: "system", content: "Be brief." }, ...messages],
        output: [
          {
            role: "assistant",
            content: [{ type: "text", text: "You said: hello there" }],
            finish_reason: "end_turn",
          },
        ],
      });
    }
  });

  async function traced<Result>(run: () => Promise<Result>): Promise<{ traceId: string; result: Result }> {
    return tracing.span("outer", async (span) => ({ traceId: span.traceId, result: await run() }));
  }
  /** The span that the wrapped client recorded. */
  async function detailOfTwo(traceId: string) {
    const { spans } = await world.call("GET /api/v1/traces/:traceId", { params: { traceId } });
    return spans.find((span) => span.parentSpanId !== "");
  }
});
