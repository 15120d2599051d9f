import { AnnotationItemsInput, AnnotationQuestion, type RunItem } from "@treadle/contract";
import { expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { createDraw } from "./draw.ts";
import { fromComparison, fromRun } from "./from-runs.ts";
import { fromSpans } from "./from-spans.ts";
import type { Arriving, Incoming } from "./incoming.ts";

const scope: Scope = { projectId: "p", actor: "user_a", userId: "user_a", permissions: new Set() };
const QUESTIONS = [
  AnnotationQuestion.parse({ type: "binary", key: "good", title: "Good?" }),
  AnnotationQuestion.parse({ type: "rating", key: "stars", title: "Stars" }),
];
const arrived = async (arriving: Arriving) => {
  const items: (Incoming | null)[] = [];
  for await (const item of arriving.items) items.push(item);
  return items;
};

test("exactly as many as wanted are drawn, each with the same chance", () => {
  const draws = Array.from({ length: 40 }, () => 0);
  for (let seed = 0; seed < 2_000; seed++) {
    const draw = createDraw({ total: 40, size: 10, seed });
    const places = draws.map(() => draw.next());
    expect(places.filter(Boolean)).toHaveLength(10);
    for (const [at, isTaken] of places.entries()) if (isTaken) draws[at] = (draws[at] ?? 0) + 1;
  }
  // 2,000 draws with chance 1/4: 500, give or take five standard deviations.
  for (const times of draws) expect(Math.abs(times - 500)).toBeLessThan(97);
  expect(createDraw({ total: 40, size: 10, seed: 1 }).probability).toBe(0.25);
  expect(createDraw({ total: 4, size: 10, seed: 1 }).probability).toBe(1);
});

test("a span becomes input and output, with suggestions from scores and the probability of selection", async () => {
  const span = makeSpan({
    input: [{ role: "user", parts: [{ type: "text", content: "Where is it?" }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "On its **way**." }] }],
  });
  const score = {
    traceId: span.traceId,
    spanId: span.spanId,
    label: "",
    source: "scorer",
    time: "",
    comment: "So so.",
  };
  const scores = [
    { ...score, name: "judge", value: 0.2 },
    { ...score, name: "level", value: 9 },
  ];
  const picked = {
    pick: async () => [{ traceId: span.traceId, spanId: span.spanId }],
    count: async () => 40,
    async *read() {
      yield { span, scores };
    },
  };
  const input = AnnotationItemsInput.parse({
    from: "spans",
    select: { filter: "" },
    sampling: { kind: "random", size: 10 },
    suggest: { good: "judge", stars: "level" },
  });
  if (input.from !== "spans") throw new Error("not spans");
  const arriving = await fromSpans({ traces: { picked } as never }, scope, { input, questions: QUESTIONS });
  expect(arriving.matching).toBe(40);
  expect(await arrived(arriving)).toMatchObject([
    {
      source: { key: `span:${span.traceId}:${span.spanId}`, traceId: span.traceId },
      content: {
        fields: [
          { key: "input", kind: "messages", value: [{ role: "user", content: "Where is it?" }] },
          { key: "output", kind: "markdown", value: "On its **way**." },
        ],
      },
      suggestion: { agent: "judge", answers: { good: false }, reason: "So so." },
      inclusionProbability: 0.25,
    },
  ]);
});

const item = (at: number, outputs: readonly string[]): RunItem => {
  const results = outputs.map((output) => [
    {
      repeat: 0,
      state: "ok" as const,
      output,
      message: null,
      error: null,
      traceId: null,
      spanId: null,
      latencyMs: 1,
      costUsd: null,
      inputTokens: null,
      outputTokens: null,
      isCached: false,
      replayed: null,
      scores: [],
    },
  ]);
  return {
    itemId: `i${at}`,
    position: at,
    inputs: { question: `Q${at}?` },
    expected: "E",
    metadata: { topic: "t" },
    split: null,
    values: {},
    results: results[0] ?? [],
    base: null,
    change: null,
    others: results.slice(1).map((own, place) => ({ runId: `run_${place + 1}`, values: {}, results: own })),
  };
};
const runsOf = (items: readonly RunItem[]) =>
  ({
    get: async () => ({ datasetId: "ds_1" }),
    listItems: async () => ({ items, nextCursor: null, total: items.length }),
  }) as never;

test("answers of runs stand side by side where all have one and they differ, and a candidate's id is its run", async () => {
  const runs = runsOf([item(0, ["A", "B"]), item(1, ["same", "same"]), item(2, ["A", ""])]);
  const input = AnnotationItemsInput.parse({ from: "comparison", runIds: ["run_0", "run_1"] });
  if (input.from !== "comparison") throw new Error("not a comparison");
  const items = await arrived(await fromComparison({ runs }, scope, input));
  expect(items).toMatchObject([
    {
      source: { type: "comparison", datasetId: "ds_1", itemId: "i0", runIds: ["run_0", "run_1"] },
      content: {
        fields: [{ key: "question" }, { key: "expected" }],
        candidates: [
          { id: "run_0", fields: [{ value: "A" }] },
          { id: "run_1", fields: [{ value: "B" }] },
        ],
      },
    },
    null,
    null,
  ]);
});

test("items of a run are taken by their ids, those without an answer left out", async () => {
  const runs = runsOf([item(0, ["A"]), item(1, [""]), item(2, ["C"])]);
  const input = AnnotationItemsInput.parse({ from: "run", runId: "run_0", itemIds: ["i1", "i2"] });
  if (input.from !== "run") throw new Error("not a run");
  const items = await arrived(await fromRun({ runs }, scope, { input, questions: QUESTIONS }));
  expect(items.map((one) => one?.source.key ?? null)).toEqual([null, "run:run_0:i2"]);
});
