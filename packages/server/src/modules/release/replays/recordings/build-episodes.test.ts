import { Recording, Span } from "@treadle/contract";
import { expect, test } from "vitest";
import { buildEpisodes } from "./build-episodes.ts";
import { toItem } from "./to-item.ts";

const TRACE = "1".repeat(32);
let next = 1;
const span = (fields: object) =>
  Span.parse({
    traceId: TRACE,
    spanId: (next++).toString(16).padStart(16, "0"),
    name: "chat m",
    kind: "generation",
    startTime: `2026-12-01T10:00:${String(next % 60).padStart(2, "0")}.000Z`,
    durationMs: 100,
    costUsd: 0.01,
    inputTokens: 10,
    outputTokens: 5,
    responseModel: "m",
    attributes: { "treadle.wire": "chat" },
    ...fields,
  });
const user = { role: "user", content: "Weather in Oslo?" };
const made = (id: string, city = "Oslo") => ({
  role: "assistant",
  content: null,
  tool_calls: [{ id, type: "function", function: { name: "weather", arguments: JSON.stringify({ city }) } }],
});
const result = (id: string, content: string) => ({ role: "tool", tool_call_id: id, content });
const said = (content: string) => ({ role: "assistant", content });
const recordingOf = (item: { metadata: Record<string, unknown> }) => Recording.parse(item.metadata.recording);

const exchange = (trace = TRACE, ids = ["c1"]) => [
  span({ traceId: trace, input: [user], output: [made(ids[0] ?? "")] }),
  span({
    traceId: trace,
    input: [user, made(ids[0] ?? ""), result(ids[0] ?? "", "sunny")],
    output: [said("It is sunny.")],
  }),
];

test("all calls of one exchange are one recording, whichever of them was drawn", () => {
  const family = exchange();
  for (const picked of [family, [family[0]], [family[1]]]) {
    const { episodes, merged } = buildEpisodes(
      picked.filter((one) => one !== undefined),
      family,
    );
    expect(episodes).toHaveLength(1);
    expect(merged).toBe(picked.length - 1);
    const item = toItem(episodes[0] as never, "answer");
    expect(item).toMatchObject({
      itemId: `${TRACE}:${family[1]?.spanId}`,
      inputs: { messages: [user] },
      expected: "It is sunny.",
      metadata: {
        timeDependent: "no",
        recordedAnswer: {
          output: "It is sunny.",
          message: null,
          error: null,
          latencyMs: 200,
          costUsd: 0.02,
          inputTokens: 20,
        },
      },
    });
    expect(recordingOf(item).steps).toEqual([
      { calls: [{ name: "weather", arguments: { city: "Oslo" }, result: "sunny" }] },
    ]);
  }
});

test("calls that arrive in separate traces are one recording, with unknown totals", () => {
  const [first, last] = exchange();
  const other = span({ ...last, traceId: "2".repeat(32) });
  const { episodes } = buildEpisodes(
    [first, other].filter((one) => one !== undefined),
    [first, other] as never,
  );
  expect(episodes).toHaveLength(1);
  expect(toItem(episodes[0] as never, "none").metadata.recordedAnswer).toMatchObject({
    output: "It is sunny.",
    latencyMs: null,
    costUsd: null,
  });
});

test("the same question of two users is two recordings", () => {
  const other = "3".repeat(32);
  const all = [...exchange(TRACE, ["a"]), ...exchange(other, ["b"])];
  expect(buildEpisodes(all, all).episodes).toHaveLength(2);
});

test("a recording that ends with a call has the call without a result, and no total beyond it", () => {
  const only = span({ input: [user], output: [made("c1")] });
  const { episodes } = buildEpisodes([only], [only]);
  const item = toItem(episodes[0] as never, "answer");
  expect(recordingOf(item).steps).toEqual([
    { calls: [{ name: "weather", arguments: { city: "Oslo" }, result: null }] },
  ]);
  expect(item.expected).toBeNull();
  expect(item.metadata.recordedAnswer).toMatchObject({ output: "", message: made("c1"), latencyMs: 100 });
});

test("an earlier turn of a conversation belongs to the input", () => {
  const turn = [user, said("Sunny."), { role: "user", content: "And in Rome?" }];
  const only = span({ input: turn, output: [said("Rainy.")] });
  expect(toItem(buildEpisodes([only], [only]).episodes[0] as never, "none").inputs.messages).toEqual(turn);
});

test("calls without an input are skipped", () => {
  const empty = span({ input: null, output: null });
  expect(buildEpisodes([empty], [empty])).toMatchObject({ episodes: [], skipped: 1, merged: 0 });
});

test("prompt variables, parameters, tools, dates and retrieved documents are recorded", () => {
  const tools = [{ type: "function", function: { name: "weather" } }];
  const system = { role: "system", content: "Today is 2026-12-01." };
  const family = [
    span({ kind: "retrieval", input: "weather", output: [{ id: "d", content: "Oslo is in Norway." }] }),
    span({
      input: [system, user],
      output: [said("Sunny.")],
      promptName: "weather",
      parameters: { seed: 7, temperature: 0, stream: true },
      attributes: {
        "treadle.wire": "chat",
        "gen_ai.tool.definitions": tools,
        "treadle.prompt.inputs": { city: "Oslo" },
        "treadle.prompt.messages": 1,
      },
    }),
  ];
  const { episodes } = buildEpisodes(family.slice(1), family);
  const item = toItem(episodes[0] as never, "none");
  expect(item).toMatchObject({
    inputs: { city: "Oslo", messages: [system, user], tools },
    expected: null,
    metadata: { timeDependent: "yes", dates: "2026-12-01", documents: ["Oslo is in Norway."] },
  });
  expect(recordingOf(item)).toMatchObject({
    inputs: { city: "Oslo" },
    promptMessages: 1,
    parameters: { seed: 7, temperature: 0 },
  });
  expect(recordingOf(item).parameters).not.toHaveProperty("stream");
});

test("tools and parameters of other formats are read as chat fields", () => {
  const only = span({
    input: [user],
    output: [said("Sunny.")],
    parameters: { max_output_tokens: 50, thinking: {} },
    attributes: {
      "treadle.wire": "messages",
      "gen_ai.tool.definitions": [{ name: "weather", input_schema: { type: "object" } }],
    },
  });
  const item = toItem(buildEpisodes([only], [only]).episodes[0] as never, "none");
  expect(item.inputs.tools).toEqual([
    { type: "function", function: { name: "weather", parameters: { type: "object" } } },
  ]);
  expect(recordingOf(item).parameters).toEqual({ max_tokens: 50 });
});
