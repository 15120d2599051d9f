import { AnnotationItemsInput } from "@treadle/contract";
import { expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { fromSpans } from "./from-spans.ts";

const scope: Scope = { projectId: "p", actor: "user_a", userId: "user_a", permissions: new Set() };

/** Traces of which more arrive between any two questions: none for the first, one for the second, and so on. */
function arrivingTraces() {
  let arrived = 0;
  const spans = Array.from({ length: 9 }, (_, at) => makeSpan({ spanId: `${at}`.padStart(16, "0") }));
  const next = () => spans.slice(0, arrived++);
  const picked = {
    count: async () => next().length,
    pick: async (_project: string, _filter: unknown, { size }: { size: number }) => next().slice(0, size),
    async *read(_project: string, keys: readonly { spanId: string }[]) {
      for (const { spanId } of keys)
        for (const span of spans) if (span.spanId === spanId) yield { span: { ...span, input: "Why?" }, scores: [] };
    },
  };
  return { picked } as never;
}

async function bring(traces: never, size: number) {
  const body = { from: "spans", select: { filter: "" }, sampling: { kind: "random", size } };
  const input = AnnotationItemsInput.parse(body);
  if (input.from !== "spans") throw new Error("not spans");
  const { matching, items } = await fromSpans({ traces }, scope, { input, questions: [] });
  const spans = [];
  for await (const item of items) spans.push(item);
  return { matching, chances: spans.map((item) => item?.inclusionProbability) };
}

test("every matching span can be drawn, also while more arrive", async () => {
  const traces = arrivingTraces();
  expect(await bring(traces, 9)).toEqual({ matching: 1, chances: [1] });
  expect(await bring(traces, 9)).toEqual({ matching: 3, chances: [1, 1, 1] });
});

test("a draw of fewer tells the chance that each had", async () => {
  const traces = arrivingTraces();
  await bring(traces, 1);
  expect(await bring(traces, 1)).toEqual({ matching: 2, chances: [1 / 2] });
});
