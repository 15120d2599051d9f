import { expect, test } from "vitest";
import { makeSpan } from "../../testing/make-span.ts";
import { createNestedCalls } from "./nested-calls.ts";

const TRACE = "a".repeat(32);
const call = (spanId: string, parentSpanId: string, more: Partial<Parameters<typeof makeSpan>[0]> = {}) =>
  makeSpan({ traceId: TRACE, spanId, parentSpanId, kind: "generation", inputTokens: 11, outputTokens: 7, ...more });
const [outer, middle, inner, second] = ["1", "2", "3", "4"].map((digit) => digit.repeat(16)) as [
  string,
  string,
  string,
  string,
];

test("of a call within a call that counted the same the inner one counts, and the outer is a chain that says so", () => {
  const calls = createNestedCalls();
  const keptSpan = call(inner, outer);
  expect(calls.settle("proj_1", keptSpan)).toBe(keptSpan);
  expect(calls.settle("proj_1", call(outer, "", { costUsd: 0.5, cachedInputTokens: 3 }))).toMatchObject({
    kind: "chain",
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    costUsd: null,
    attributes: {
      "gen_ai.usage.input_tokens": 11,
      "gen_ai.usage.output_tokens": 7,
      "gen_ai.usage.cost": 0.5,
      "treadle.notes": [expect.stringContaining("contains another model call")],
    },
  });
});

test("the sum of several calls is known again, also through a step between", () => {
  const calls = createNestedCalls();
  calls.settle("proj_1", call(inner, middle));
  calls.settle("proj_1", call(second, middle, { inputTokens: 30 }));
  calls.settle("proj_1", call(middle, outer, { kind: "span", inputTokens: 0, outputTokens: 0 }));
  expect(calls.settle("proj_1", call(outer, "", { inputTokens: 41, outputTokens: 14 })).kind).toBe("chain");
});

test("a call that counted otherwise, in another project or of another trace, is left as it is", () => {
  const calls = createNestedCalls();
  for (const different of [
    () => calls.settle("proj_1", call(outer, "", { inputTokens: 12 })),
    () => calls.settle("proj_2", call(outer, "")),
    () => calls.settle("proj_1", call(outer, "", { traceId: "b".repeat(32) })),
    () => calls.settle("proj_1", call(second, outer)),
  ]) {
    calls.settle("proj_1", call(inner, outer));
    expect(different()).toMatchObject({ kind: "generation", outputTokens: 7 });
  }
});

test("a call without its own count encloses a counted call, but not an uncounted one", () => {
  const calls = createNestedCalls();
  const nothing = { inputTokens: 0, outputTokens: 0 };
  calls.settle("proj_1", call(inner, outer, nothing));
  expect(calls.settle("proj_1", call(outer, "", nothing)).kind).toBe("generation");
  calls.settle("proj_1", call(inner, outer));
  expect(calls.settle("proj_1", call(outer, "", nothing))).toMatchObject({
    kind: "chain",
    attributes: { "treadle.notes": [expect.stringContaining("counted there")] },
  });
});

test("a call recorded by the gateway is recognized like a sent call", () => {
  const calls = createNestedCalls();
  calls.note({ projectId: "proj_1", traceId: TRACE, parentSpanId: outer, inputTokens: 11, outputTokens: 7 });
  expect(calls.settle("proj_1", call(outer, "")).kind).toBe("chain");
});
