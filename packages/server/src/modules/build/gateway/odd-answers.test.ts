import { readFileSync } from "node:fs";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { readWhole } from "./attempt/read-answer.ts";
import { formatOf } from "./formats/formats.ts";
import { createCollector } from "./formats/hub/collect-chunks.ts";
import { type ChatChunk, type ChatResponse, UpstreamStreamError } from "./formats/hub/hub.ts";
import { toUsage } from "./formats/hub/usage.ts";
import { responsesReader } from "./formats/responses/read-response.ts";
import { outputMessages } from "./record/genai-messages.ts";
import { findProvider } from "./resolve/find-provider.ts";
import { CHAT_ANSWER, CHAT_CHUNK, RESPONSES_ANSWER } from "./testing/full-answers.ts";
import { createBreakage, oddVariants } from "./testing/odd-values.ts";

const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const meta = { id: "span", model: "asked", now: asked.now };
const request = { model: "m", messages: [{ role: "user", content: "a" }], prompt: "a", input: "a", max_tokens: 5 };
const FORMATS = ["chat", "completions", "responses", "messages"] as const;
const PROVIDERS = ["openai-compatible", "anthropic", "gemini", "bedrock"] as const;
type Id = (typeof PROVIDERS)[number];

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url)).toString();
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const breakage = () => createBreakage((error) => error instanceof AppError || error instanceof UpstreamStreamError);
type Breakage = ReturnType<typeof breakage>;

/** Does with an answer what is done for callers of every shape, and for the span. */
async function useAnswer({ attempt }: Breakage, what: string, [variant, response]: [unknown, ChatResponse]) {
  for (const format of FORMATS)
    await attempt(`${what} for ${format}`, variant, () => JSON.stringify(formatOf(format).fromChat(response, request)));
  await attempt(`${what} in a span`, variant, () =>
    JSON.stringify([outputMessages(response), toUsage(response.usage)]),
  );
}

async function useChunks({ attempt }: Breakage, what: string, [variant, chunks]: [unknown, readonly ChatChunk[]]) {
  for (const format of FORMATS)
    await attempt(`${what} for ${format}`, variant, () => {
      const writer = formatOf(format).streamWriter(request, meta);
      return [...chunks.map((chunk) => writer.write(chunk)), writer.end()].join("");
    });
  await attempt(`${what} in a span`, variant, () => {
    const collector = createCollector();
    for (const chunk of chunks) collector.add(chunk);
    return JSON.stringify(outputMessages(collector.response()));
  });
}

test("a whole answer with any value in any field is sent in every format, or rejected with a message", async () => {
  const wholes: [Id, unknown][] = [
    ["openai-compatible", CHAT_ANSWER],
    ...["message", "tool-use"].map((name): [Id, unknown] => ["anthropic", JSON.parse(read(`anthropic/${name}.json`))]),
    ...["response", "function-call", "candidates", "blocked"].map((name): [Id, unknown] => [
      "gemini",
      JSON.parse(read(`gemini/${name}.json`)),
    ]),
    ...["converse", "converse-tools"].map((name): [Id, unknown] => [
      "bedrock",
      JSON.parse(read(`bedrock/${name}.json`)),
    ]),
  ];
  const faults = breakage();
  for (const [id, value] of wholes) {
    for (const variant of oddVariants(value)) {
      const answer = await faults.attempt(id, variant, () => findProvider(id).readChat(bytesOf(variant), asked));
      if (answer) await useAnswer(faults, id, [variant, answer]);
    }
  }
  const passing = findProvider("openai-compatible");
  for (const [format, value] of [
    ["completions", CHAT_ANSWER],
    ["responses", RESPONSES_ANSWER],
  ] as const) {
    for (const variant of oddVariants(value)) {
      const whole = () => readWhole(format, passing, { body: bytesOf(variant), asked });
      const answer = await faults.attempt(`passed ${format}`, variant, whole);
      if (answer) await useAnswer(faults, `passed ${format}`, [variant, answer]);
    }
  }
  expect(faults.lines()).toEqual([]);
  expect(faults.tried()).toBeGreaterThan(10_000);
});

test("an error, a list of models, a count and embeddings may contain any value", async () => {
  const files = ["anthropic/error", "anthropic/models", "gemini/error", "gemini/models", "gemini/embeddings"];
  const others = ["bedrock/error", "bedrock/models", "bedrock/cohere", "bedrock/titan"];
  const values = [...files, ...others].map((name): unknown => JSON.parse(read(`${name}.json`)));
  const own = [
    { error: { message: "a", type: "t", code: 1, metadata: { raw: "x" } }, detail: "d" },
    {
      object: "list",
      model: "m",
      data: [{ id: "a", embedding: [1, 2] }],
      usage: { prompt_tokens: 1, total_tokens: 1 },
    },
    { input_tokens: 1, totalTokens: 1, inputTokens: 1 },
  ];
  const failure = breakage();
  const embeddingsAsked = { model: "m", request: { model: "m", input: ["a"] } };
  for (const id of PROVIDERS) {
    const provider = findProvider(id);
    for (const variant of [...values, ...own].flatMap((value) => [...oddVariants(value)])) {
      const body = bytesOf(variant);
      await failure.attempt(`${id}'s error`, variant, () => provider.readError(400, body));
      await failure.attempt(`${id}'s models`, variant, () => provider.readModels(body));
      await failure.attempt(`${id}'s count`, variant, () => provider.readTokenCount?.(body));
      await failure.attempt(`${id}'s embeddings`, variant, () => provider.readEmbeddings?.(body, embeddingsAsked));
    }
  }
  expect(failure.lines()).toEqual([]);
});

/** A stream once for each odd value in one of its events. */
function* oddStreams(text: string): Generator<[variant: unknown, bytes: Buffer]> {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("data: {")) continue;
    for (const variant of oddVariants(JSON.parse(line.slice(6))))
      yield [variant, Buffer.from(lines.with(index, `data: ${JSON.stringify(variant)}`).join("\n"))];
  }
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const frame = (type: string, value: unknown) => {
  const headers = { ":message-type": "event", ":event-type": type, ":content-type": "application/json" };
  return Buffer.from(
    codec.encode({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { type: "string", value: text }]),
      ),
      body: bytesOf(value),
    }),
  );
};

function* oddFrames(events: readonly [string, unknown][]): Generator<[variant: unknown, bytes: Buffer]> {
  for (const [index, [type, value]] of events.entries())
    for (const variant of oddVariants(value))
      yield [variant, Buffer.concat(events.with(index, [type, variant]).map(([name, held]) => frame(name, held)))];
}

test("a stream with any value in any event is sent in every format, or ended with a message", async () => {
  const ofOpenAi = `data: ${JSON.stringify(CHAT_CHUNK)}\n\ndata: [DONE]\n\n`;
  const streams: [Id, Iterable<[unknown, Buffer]>][] = [
    ["openai-compatible", oddStreams(ofOpenAi)],
    ...["stream-text", "stream-tools", "stream-error"].map((name): [Id, Iterable<[unknown, Buffer]>] => [
      "anthropic",
      oddStreams(read(`anthropic/${name}.sse`)),
    ]),
    ["gemini", oddStreams(read("gemini/stream.sse"))],
    ["gemini", oddStreams(read("gemini/stream-function.sse"))],
    ["bedrock", oddFrames(JSON.parse(read("bedrock/stream.json")))],
  ];
  const failure = breakage();
  for (const [id, odd] of streams) {
    for (const [variant, bytes] of odd) {
      const chunks = await failure.attempt(`${id}'s stream`, variant, () => {
        const reader = findProvider(id).streamReader(asked);
        return [...reader.push(bytes), ...reader.end()];
      });
      if (chunks) await useChunks(failure, `${id}'s stream`, [variant, chunks]);
    }
  }
  const events = [
    { type: "response.output_text.delta", delta: "a" },
    { type: "response.completed", response: RESPONSES_ANSWER },
  ];
  for (const variant of events.flatMap((event) => [...oddVariants(event)])) {
    const chunks = await failure.attempt("responses", variant, () =>
      responsesReader(asked).read({ event: "", value: variant }),
    );
    if (chunks) await useChunks(failure, "responses", [variant, chunks]);
  }
  expect(failure.lines()).toEqual([]);
  expect(failure.tried()).toBeGreaterThan(10_000);
});
