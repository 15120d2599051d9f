import { type Item, Sampling, type Span, SpanMapping } from "@treadle/contract";
import { expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { mapSpan } from "./map-span.ts";
import { createTraceItems } from "./service.ts";
import { takeDiverse } from "./take-diverse.ts";

const scope: Scope = { projectId: "p", actor: "key_a", userId: null, permissions: new Set(["datasets:write"]) };
const saying = (spanId: string, content: string): Span =>
  makeSpan({ spanId, input: [{ role: "user", parts: [{ type: "text", content }] }] });

/** Spans of which a third are alike but for a number; the two that are not stand last. */
const SPANS = [
  ...Array.from({ length: 10 }, (_, at) => saying(`a${at}`, `loom ${at}`)),
  ...Array.from({ length: 10 }, (_, at) => saying(`b${at}`, `yarn ${at}`)),
  saying("odd", "invoice 0"),
  makeSpan({ spanId: "silent" }),
];
const WORDS = ["loom", "yarn", "invoice"];

function openTraceItems(spans: readonly Span[] = SPANS) {
  const added: Item[] = [];
  const picks: unknown[] = [];
  const embedded: string[] = [];
  const traceItems = createTraceItems({
    traces: {
      picked: {
        pick: async (_projectId, _filter, pick) => {
          picks.push(pick);
          return spans.map(({ traceId, spanId }) => ({ traceId, spanId }));
        },
        count: async () => spans.length,
        async *read(_projectId, keys) {
          for (const { spanId } of keys) {
            const span = spans.find((each) => each.spanId === spanId);
            if (span) yield { span, scores: [] };
          }
        },
      },
    },
    places: { branchOf: async () => ({}) as never },
    edits: {
      addItems: async (_scope, _place, { items }) => {
        added.push(...items);
        return {} as never;
      },
    },
    embed: async (texts) => {
      embedded.push(...texts);
      return texts.map((text) => [
        ...WORDS.map((word) => (text.startsWith(word) ? 1 : 0)),
        Number(/\d+/.exec(text)?.[0] ?? 0) / 1_000,
      ]);
    },
  });
  const add = async (sampling: object) => {
    const input = {
      select: { filter: "kind:generation" },
      mapping: SpanMapping.parse({ expected: null }),
      sampling: Sampling.parse(sampling),
      branch: "main",
    };
    await traceItems.add(scope, "ds_a", input);
    return added.map(({ inputs }) => JSON.stringify(inputs).match(/loom|yarn|invoice/)?.[0]);
  };
  return { add, picks, embedded };
}

test("the farthest from all that were taken is taken next, and what is the same is taken last", () => {
  const line = [[0], [0.1], [10], [4], [0]];
  expect(takeDiverse(line, 2)).toEqual([0, 2]);
  expect(takeDiverse(line, 3)).toEqual([0, 2, 3]);
  expect(takeDiverse(line, 4)).toEqual([0, 1, 2, 3]);
  expect(takeDiverse(line, 9)).toEqual([0, 1, 2, 3, 4]);
  expect(takeDiverse([], 3)).toEqual([]);
});

test("a diverse sample has one of each kind before two of any, among a random part of what matches", async () => {
  const { add, picks, embedded } = openTraceItems();
  expect((await add({ kind: "diverse", size: 4, seed: 7 })).sort()).toEqual(["invoice", "loom", "yarn"]);
  expect(picks).toEqual([{ kind: "random", size: 2_000, seed: 7 }]);
  expect(embedded).toHaveLength(SPANS.length);
  expect(embedded.at(-1)).toBe("");
});

test("what hardest and stratified need is asked for by name", async () => {
  const { add, picks } = openTraceItems();
  await expect(add({ kind: "hardest", size: 4 })).rejects.toMatchObject({
    code: "invalid_request",
    details: { field: "sampling.score" },
  });
  await expect(add({ kind: "stratified", size: 4 })).rejects.toMatchObject({
    code: "invalid_request",
    details: { field: "sampling.by" },
  });
  expect(picks).toEqual([]);
  await add({ kind: "hardest", size: 4, score: "helpful" });
  expect(picks).toEqual([{ kind: "hardest", size: 4, score: "helpful" }]);
});

test("spans without the inputs and an empty set of spans are distinguished", async () => {
  await expect(openTraceItems([makeSpan()]).add({})).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("None of the 1 span has the fields that the mapping uses"),
  });
  await expect(openTraceItems([]).add({})).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("No span matches"),
  });
});

test("a path of a mapping leads into lists by position, and nowhere for what is missing", () => {
  const span = makeSpan({ parameters: { tools: [{ name: "search" }, { name: "fetch" }] } });
  const inputsOf = (inputs: Record<string, string>) =>
    mapSpan({ span, scores: [] }, SpanMapping.parse({ inputs, expected: null }))?.inputs;
  expect(inputsOf({ tool: "parameters.tools.1.name" })).toEqual({ tool: "fetch" });
  expect(inputsOf({ tool: "parameters.tools.2.name" })).toBeUndefined();
  expect(inputsOf({ tool: "parameters.tools.1.name.first" })).toBeUndefined();
});
