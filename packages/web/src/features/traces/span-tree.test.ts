import { SPAN_EXTRAS } from "@treadle/contract";
import { expect, test } from "vitest";
import { firstToRead, totalsOf, treeOf } from "./span-tree.ts";
import type { Span } from "./use-traces.ts";

const START = Date.parse("2026-11-25T12:00:00.000Z");

/** A span that begins `at` milliseconds into the trace. */
function span(spanId: string, parentSpanId: string, more: Partial<Span> & { at: number }): Span {
  const { at, ...rest } = more;
  return {
    traceId: "1".repeat(32),
    spanId,
    parentSpanId,
    name: spanId,
    kind: "span",
    startTime: new Date(START + at).toISOString(),
    durationMs: 100,
    timeToFirstTokenMs: null,
    status: "ok",
    errorType: "",
    errorMessage: "",
    service: "",
    environment: "",
    provider: "",
    requestModel: "",
    responseModel: "",
    endpoint: "",
    userId: "",
    sessionId: "",
    tags: [],
    metadata: {},
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: null,
    isCacheHit: false,
    parameters: {},
    input: null,
    output: null,
    attributes: {},
    attempts: [],
    configHash: "",
    ...SPAN_EXTRAS,
    isSample: false,
    ...rest,
  };
}

const outline = (spans: readonly Span[], collapsed: readonly string[] = []) =>
  treeOf(spans, new Set(collapsed)).map(({ span: { spanId }, depth }) => `${"-".repeat(depth)}${spanId}`);

test("parents come before their children, siblings by time", () => {
  const spans = [
    span("late", "root", { at: 50 }),
    span("leaf", "early", { at: 20 }),
    span("early", "root", { at: 10 }),
    span("root", "", { at: 0 }),
  ];
  expect(outline(spans)).toEqual(["root", "-early", "--leaf", "-late"]);
  expect(outline(spans, ["early"])).toEqual(["root", "-early", "-late"]);
});

test("a span without its parent, and a ring of spans, are still shown, once", () => {
  expect(
    outline([span("orphan", "missing", { at: 5 }), span("a", "b", { at: 1 }), span("b", "a", { at: 2 })]).sort(),
  ).toEqual(["-b", "a", "orphan"].sort());
});

test("bars lie where their span lies in the whole trace", () => {
  const rows = treeOf(
    [span("root", "", { at: 0, durationMs: 200 }), span("half", "root", { at: 100, durationMs: 100 })],
    new Set(),
  );
  expect(rows.map(({ start, width }) => [start, width])).toEqual([
    [0, 1],
    [0.5, 0.5],
  ]);
});

test("a trace costs what its model calls cost, counted once, and nothing is known of it when no price is", () => {
  const call = { kind: "generation", inputTokens: 10, outputTokens: 5 } as const;
  const spans = [
    span("root", "", { at: 0, durationMs: 300, inputTokens: 20, costUsd: 0.5 }),
    span("one", "root", { at: 10, ...call, costUsd: 0.2 }),
    span("two", "root", { at: 20, ...call, status: "error" }),
  ];
  expect(totalsOf(spans)).toMatchObject({
    inputTokens: 20,
    outputTokens: 10,
    costUsd: 0.2,
    errorCount: 1,
    durationMs: 300,
  });
  expect(totalsOf(spans)?.root?.spanId).toBe("root");
  expect(totalsOf(spans.slice(2)).costUsd).toBeNull();
});

test("a failed trace opens at the step that failed first and deepest, any other at its root", () => {
  const root = span("root", "", { at: 0, status: "error" });
  const spans = [
    root,
    span("fine", "root", { at: 10 }),
    span("cause", "root", { at: 20, status: "error" }),
    span("late", "root", { at: 30, status: "error" }),
  ];
  expect(firstToRead(spans)?.spanId).toBe("cause");
  expect(firstToRead(spans.map((one) => (one === root ? { ...one, status: "ok" } : one)))?.spanId).toBe("root");
});
