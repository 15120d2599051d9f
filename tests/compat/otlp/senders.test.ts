import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "../world.ts";
import { type FoundSpan, hasPython, runSender, spansSince } from "./run-sender.ts";

type Sender = {
  readonly name: string;
  /** The program in `senders/`, and its arguments. */
  readonly run: readonly string[];
  readonly dialect: string;
  /** The number of spans of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Whether each span contains the user, or only the first. */
  readonly asker?: "each" | "first";
  /** What this sender does not report. */
  readonly without?: readonly (
    | "cached"
    | "reasoning"
    | "streamed usage"
    | "tags"
    | "plan"
    | "tool"
    | "provider"
    | "first token"
    | "tools offered"
    | "embedded tokens"
  )[];
  /** The number of calls with a text answer. Three by default. */
  readonly answers?: number;
};

const JAVASCRIPT: readonly Sender[] = [
  {
    name: "@opentelemetry/instrumentation-openai, with what was said as logs",
    run: ["openai-events.cjs"],
    dialect: "gen_ai",
    kinds: { generation: 4, embedding: 1, span: 1 },
    without: ["cached", "reasoning", "tags", "plan", "tool", "first token", "tools offered"],
  },
  {
    name: "@opentelemetry/instrumentation-openai, spans and logs over gRPC",
    run: ["openai-events.cjs", "grpc"],
    dialect: "gen_ai",
    kinds: { generation: 4, embedding: 1, span: 1 },
    without: ["cached", "reasoning", "tags", "plan", "tool", "first token", "tools offered"],
  },
  {
    name: "@arizeai/openinference-instrumentation-openai",
    run: ["openinference.mjs"],
    dialect: "openinference",
    kinds: { agent: 1, generation: 4, tool: 1, embedding: 1, retrieval: 1 },
    without: ["streamed usage", "first token", "embedded tokens"],
  },
  {
    name: "LangChain, by @arizeai/openinference-instrumentation-langchain",
    run: ["langchain.mjs"],
    dialect: "openinference",
    kinds: { chain: 1, generation: 3, tool: 1 },
    without: ["tags", "first token"],
    answers: 2,
  },
  {
    name: "@traceloop/node-server-sdk",
    run: ["traceloop.mjs"],
    dialect: "traceloop",
    kinds: { chain: 1, generation: 4, tool: 1 },
    without: ["cached", "reasoning", "streamed usage", "tags", "first token"],
  },
  {
    name: "@langfuse/otel, @langfuse/tracing and @langfuse/openai",
    run: ["langfuse.mjs"],
    dialect: "langfuse",
    kinds: { agent: 1, generation: 5, tool: 1, retrieval: 1 },
    without: ["provider"],
  },
  {
    name: "the AI SDK",
    run: ["ai-sdk.mjs"],
    dialect: "ai_sdk",
    kinds: { chain: 4, generation: 4, tool: 1, embedding: 1 },
  },
  {
    name: "langsmith",
    run: ["langsmith.mjs"],
    dialect: "langsmith",
    kinds: { chain: 1, generation: 2, tool: 1 },
    without: ["tags", "first token"],
    answers: 1,
  },
];

const PYTHON: readonly Sender[] = [
  {
    name: "opentelemetry-instrumentation-genai-openai",
    run: ["python-opentelemetry.py"],
    dialect: "gen_ai",
    kinds: { span: 1, generation: 4, embedding: 1 },
    without: ["tags", "plan", "tool"],
  },
  {
    name: "opentelemetry-instrumentation-genai-openai over gRPC",
    run: ["python-opentelemetry.py", "grpc"],
    dialect: "gen_ai",
    kinds: { span: 1, generation: 4, embedding: 1 },
    without: ["tags", "plan", "tool"],
  },
  {
    name: "openinference-instrumentation-openai",
    run: ["python-openinference.py"],
    dialect: "openinference",
    kinds: { agent: 1, generation: 4, tool: 1, embedding: 1 },
  },
  {
    name: "traceloop-sdk",
    run: ["python-traceloop.py"],
    dialect: "traceloop",
    kinds: { chain: 1, generation: 4, tool: 1, embedding: 1 },
    without: ["tags"],
  },
  {
    name: "traceloop-sdk over gRPC",
    run: ["python-traceloop.py", "grpc"],
    dialect: "traceloop",
    kinds: { chain: 1, generation: 4, tool: 1, embedding: 1 },
    without: ["tags"],
  },
  {
    name: "langfuse",
    run: ["python-langfuse.py"],
    dialect: "langfuse",
    kinds: { agent: 1, generation: 4, tool: 1, embedding: 1 },
    without: ["provider"],
  },
  {
    name: "mlflow",
    run: ["python-mlflow.py"],
    dialect: "mlflow",
    kinds: { agent: 1, generation: 4, tool: 1, embedding: 1, retrieval: 1 },
    asker: "first",
    without: ["tags", "plan", "provider", "first token"],
  },
  {
    name: "langsmith",
    run: ["python-langsmith.py"],
    dialect: "langsmith",
    kinds: { chain: 1, generation: 4, tool: 1 },
    without: ["first token"],
  },
  {
    name: "logfire",
    run: ["python-logfire.py"],
    dialect: "logfire",
    // A stream has a span for its call and a span for its end.
    kinds: { span: 1, generation: 5, tool: 1, embedding: 1 },
    without: ["plan", "first token"],
  },
];

const MODEL = "echo-1";
const VISIBLE_MS = 30_000;
/** Some programs take long to import their libraries. */
const SENDER_MS = 240_000;
const text = (content: string) => expect.objectContaining({ type: "text", content });
const call = expect.objectContaining({ type: "tool_call", name: "get_weather", arguments: { city: "Paris" } });
const messageOf = (role: string, ...parts: unknown[]) => expect.objectContaining({ role, parts });

let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false, env: { TREADLE_OTLP_GRPC_PORT: "0" } });
}, 120_000);
afterAll(() => world?.close());

async function receive({ run, kinds }: Pick<Sender, "run" | "kinds">): Promise<FoundSpan[]> {
  const from = new Date().toISOString();
  await runSender(world, run);
  let spans: FoundSpan[] = [];
  await expect
    .poll(
      async () => {
        spans = await spansSince(world.call, from);
        // Log records of a call may arrive after the call itself.
        return spans.every(({ kind, input }) => kind !== "generation" || input !== null) ? countKinds(spans) : {};
      },
      { timeout: VISIBLE_MS },
    )
    .toEqual(kinds);
  return spans;
}

function countKinds(spans: readonly FoundSpan[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of spans) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function checkSender(sender: Sender, spans: readonly FoundSpan[]) {
  const lacks = (fact: NonNullable<Sender["without"]>[number]) => sender.without?.includes(fact) ?? false;
  const generations = spans.filter(({ kind }) => kind === "generation");
  const [chat] = generations;
  expect(chat).toMatchObject({
    dialect: sender.dialect,
    requestModel: MODEL,
    responseModel: MODEL,
    provider: lacks("provider") ? "" : "openai",
    status: "ok",
    inputTokens: 11,
    outputTokens: 7,
    cachedInputTokens: lacks("cached") ? 0 : 3,
    reasoningTokens: lacks("reasoning") ? 0 : 2,
    parameters: { temperature: 0.2 },
  });
  expect(chat?.input).toEqual([messageOf("system", text("be brief")), messageOf("user", text("hello there"))]);
  expect(chat?.output).toEqual([messageOf("assistant", text("You said: hello there"))]);

  const asking = generations.find(({ output }) => JSON.stringify(output).includes('"tool_call"'));
  expect(asking?.output).toEqual([messageOf("assistant", call)]);
  expect(asking?.input).toContainEqual(messageOf("user", text("weather in Paris")));
  if (!lacks("tools offered"))
    expect(JSON.stringify(asking?.attributes["gen_ai.tool.definitions"])).toContain("The weather in a city");
  const answers = generations.filter(({ output }) => JSON.stringify(output).includes('"You said: '));
  expect(answers).toHaveLength(sender.answers ?? 3);
  if (sender.answers !== 1)
    expect(answers.at(-1)?.input).toContainEqual(
      messageOf("tool", expect.objectContaining({ type: "tool_call_response", response: "Sunny in Paris" })),
    );
  const firstTokens = generations.map(({ timeToFirstTokenMs }) => timeToFirstTokenMs ?? 0);
  expect(Math.max(...firstTokens) > 0).toBe(!lacks("first token"));
  const counted = generations.filter(({ inputTokens }) => inputTokens === 11).length;
  const uncounted = lacks("streamed usage") ? 1 : generations.filter(({ inputTokens }) => inputTokens === 0).length;
  expect(counted + uncounted).toBe(generations.length);

  const askers = sender.asker === "first" ? spans.filter(({ parentSpanId }) => parentSpanId === "") : spans;
  expect(askers.length).toBeGreaterThan(0);
  for (const span of askers) expect(span).toMatchObject({ userId: "ada", sessionId: "talk-1" });
  if (!lacks("tags")) expect(spans.find(({ parentSpanId }) => parentSpanId === "")?.tags).toEqual(["beta", "eu"]);
  if (!lacks("plan"))
    expect(spans.find(({ parentSpanId }) => parentSpanId === "")?.metadata).toMatchObject({ plan: "pro" });
  if (!lacks("tool"))
    expect(spans.find(({ kind }) => kind === "tool")).toMatchObject({
      // For a tool with one argument, LangChain passes the argument alone.
      input: sender.run[0] === "langchain.mjs" ? "Paris" : { city: "Paris" },
      output: "Sunny in Paris",
    });
  for (const span of spans.filter(({ kind }) => kind === "embedding"))
    expect(span).toMatchObject({
      requestModel: MODEL,
      inputTokens: lacks("embedded tokens") ? 0 : 4,
      outputTokens: 0,
    });
  for (const span of spans.filter(({ kind }) => kind === "retrieval"))
    expect(span.output).toEqual([expect.objectContaining({ id: "d1", content: "Sunny." })]);
}

/** Each trace has its user, its session, and the tokens of its calls, counted once. */
async function checkTraces(spans: readonly FoundSpan[]) {
  const { items } = await world.call("GET /api/v1/traces", { query: { limit: 50 } });
  for (const traceId of new Set(spans.map((span) => span.traceId))) {
    const calls = spans.filter(
      (span) => span.traceId === traceId && (span.kind === "generation" || span.kind === "embedding"),
    );
    expect(items.find((trace) => trace.traceId === traceId)).toMatchObject({
      userId: "ada",
      sessionId: "talk-1",
      models: calls.length > 0 ? [MODEL] : [],
      inputTokens: calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    });
  }
}

describe("JavaScript", () => {
  test.each(["proto", "json", "grpc"])(
    "@opentelemetry/exporter-trace-otlp-* by %s: messages, tokens, users, scores and failures arrive",
    async (format) => {
      const spans = await receive({ run: ["opentelemetry.mjs", format], kinds: { agent: 1, generation: 1, span: 1 } });
      const find = (kind: string) => spans.find((span) => span.kind === kind);
      const chat = find("generation");
      expect(find("agent")).toMatchObject({ userId: "ada", sessionId: "talk-1", service: "weather", parentSpanId: "" });
      expect(chat).toMatchObject({
        dialect: "gen_ai",
        provider: "openai",
        requestModel: MODEL,
        inputTokens: 11,
        outputTokens: 7,
        cachedInputTokens: 3,
        reasoningTokens: 2,
        parameters: { temperature: 0.2 },
        input: [messageOf("system", text("be brief")), messageOf("user", text("hello there"))],
        output: [messageOf("assistant", text("You said: hello there"))],
        parentSpanId: find("agent")?.spanId,
      });
      expect(find("span")).toMatchObject({
        name: "broken",
        status: "error",
        errorType: "TypeError",
        errorMessage: "out of stock",
      });
      const params = { traceId: chat?.traceId ?? "", spanId: chat?.spanId ?? "" };
      const readScores = async () => (await world.call("GET /api/v1/traces/:traceId/spans/:spanId", { params })).scores;
      await expect
        .poll(readScores, { timeout: VISIBLE_MS })
        .toEqual([expect.objectContaining({ name: "relevance", value: 0.8 })]);
    },
  );

  test.each(JAVASCRIPT)(
    "$name: messages, tokens, model and user are in their places",
    async (sender) => {
      const spans = await receive(sender);
      checkSender(sender, spans);
      await checkTraces(spans);
    },
    SENDER_MS,
  );
});

describe.runIf(hasPython)("Python", () => {
  test.each(PYTHON)(
    "$name: messages, tokens, model and user are in their places",
    async (sender) => {
      const spans = await receive(sender);
      checkSender(sender, spans);
      await checkTraces(spans);
    },
    SENDER_MS,
  );
});

test("the sessions and users of all senders are listed", async () => {
  await expect
    .poll(async () => (await world.call("GET /api/v1/sessions", { query: {} })).items.map(({ sessionId }) => sessionId))
    .toContain("talk-1");
  expect((await world.call("GET /api/v1/users", { query: {} })).items.map(({ userId }) => userId)).toContain("ada");
});
