import { Span } from "@treadle/contract";
import { expect, test } from "vitest";
import type { TraceStep } from "../../observe/traces/index.ts";
import { wantsTrace } from "./read-trace.ts";
import { sampleOfSpan } from "./sample-of-span.ts";
import { contextOf } from "./trace-context.ts";

const traceId = "a".repeat(32);
const idOf = (letter: string) => letter.repeat(16);
/** A span that begins at `from` and ends at `to`, in milliseconds. */
type Made = {
  id: string;
  parent?: string;
  kind?: Span["kind"];
  from: number;
  to: number;
  output?: unknown;
  more?: object;
};
const span = ({ id, parent, kind = "generation", from, to, output = null, more = {} }: Made): Span =>
  Span.parse({
    traceId,
    spanId: idOf(id),
    parentSpanId: parent ? idOf(parent) : "",
    name: `step ${id}`,
    kind,
    output,
    startTime: new Date(from).toISOString(),
    durationMs: to - from,
    ...more,
  });
const partsOf = (spans: readonly Span[]) => ({
  steps: spans.map(
    (one): TraceStep => ({
      traceId: one.traceId,
      spanId: one.spanId,
      parentSpanId: one.parentSpanId,
      durationMs: one.durationMs,
      startMs: Date.parse(one.startTime),
      receivedMs: 0,
    }),
  ),
  whole: spans.filter(({ kind }) => kind === "retrieval" || kind === "rerank" || kind === "tool"),
});
const documents = (...texts: string[]) => texts.map((content) => ({ id: "", content, score: null, metadata: null }));
const contextFor = (id: string, spans: readonly Span[]) => contextOf({ traceId, spanId: idOf(id) }, partsOf(spans));

test("an answer is compared with earlier retrievals of the same trace, each document once, in order of time", () => {
  const spans = [
    span({ id: "1", kind: "chain", from: 0, to: 100 }),
    span({ id: "2", parent: "1", kind: "retrieval", from: 10, to: 20, output: documents("first", "second") }),
    span({ id: "3", parent: "1", kind: "retrieval", from: 20, to: 30, output: documents("second", "third", " ") }),
    span({ id: "4", parent: "1", from: 30, to: 60 }),
    span({ id: "5", parent: "1", kind: "retrieval", from: 70, to: 80, output: documents("too late") }),
  ];
  expect(contextFor("4", spans)).toMatchObject({ documents: ["first", "second", "third"], lacking: "" });
  expect(contextFor("1", spans).documents).toEqual(["first", "second", "third", "too late"]);
});

test("of two agents in one trace each has its own documents; where the tree has a hole, the whole trace's count", () => {
  const agent = (id: string, inner: readonly [string, string], at: number) => [
    span({ id, parent: "1", kind: "agent", from: at, to: at + 50 }),
    span({ id: inner[0], parent: id, kind: "retrieval", from: at + 5, to: at + 10, output: documents(`of ${id}`) }),
    span({ id: inner[1], parent: id, from: at + 20, to: at + 40 }),
  ];
  const spans = [
    span({ id: "1", kind: "chain", from: 0, to: 300 }),
    ...agent("2", ["3", "4"], 10),
    ...agent("5", ["6", "7"], 100),
  ];
  expect(contextFor("4", spans).documents).toEqual(["of 2"]);
  expect(contextFor("7", spans).documents).toEqual(["of 5"]);
  const lost = [...spans, span({ id: "8", parent: "9", from: 200, to: 250 })];
  expect(contextFor("8", lost).documents).toEqual(["of 2", "of 5"]);
});

test("what a rerank gave stands for what was found before it", () => {
  const spans = [
    span({ id: "1", kind: "retrieval", from: 0, to: 10, output: documents("a", "b", "c") }),
    span({ id: "2", kind: "rerank", from: 10, to: 20, output: documents("c", "a") }),
    span({ id: "3", kind: "retrieval", from: 20, to: 30, output: ["d"] }),
    span({ id: "4", from: 30, to: 60 }),
  ];
  expect(contextFor("4", spans).documents).toEqual(["c", "a", "d"]);
});

test("missing context is reported with the reason", () => {
  const alone = span({ id: "4", from: 30, to: 60 });
  expect(contextFor("4", [alone])).toMatchObject({
    documents: [],
    lacking: expect.stringContaining("no retrieval before"),
  });
  const empty = span({ id: "1", kind: "retrieval", from: 0, to: 10, output: [] });
  expect(contextFor("4", [empty, alone])).toMatchObject({
    documents: [],
    lacking: expect.stringContaining("no documents"),
  });
});

test("a whole trace comes with its calls of tools in the order of time; one answer with its own only", () => {
  const output = [{ role: "assistant", parts: [{ type: "text", content: "Done." }] }];
  const spans = [
    span({ id: "1", kind: "agent", from: 0, to: 100, output }),
    span({
      id: "2",
      parent: "1",
      kind: "tool",
      from: 10,
      to: 20,
      more: { input: { city: "Oslo" }, attributes: { "gen_ai.tool.name": "weather" } },
    }),
    span({ id: "3", parent: "1", kind: "tool", from: 30, to: 40 }),
    span({ id: "4", parent: "1", from: 50, to: 60, output }),
  ];
  const [root, , , answer] = spans;
  const calls = [
    { name: "weather", arguments: { city: "Oslo" } },
    { name: "step 3", arguments: {} },
  ];
  expect(root && sampleOfSpan(root, contextFor("1", spans))).toMatchObject({
    output: "Done.",
    toolCalls: calls,
    documents: [],
  });
  expect(answer && sampleOfSpan(answer, contextFor("4", spans))).toMatchObject({ toolCalls: [] });
});

test("a rule waits for whole traces only where it looks at them", () => {
  expect(wantsTrace({ target: "generations" }, [{ needs: ["judge"] }])).toBe(false);
  expect(wantsTrace({ target: "generations" }, [{ needs: [] }, { needs: ["judge", "documents"] }])).toBe(true);
  expect(wantsTrace({ target: "roots" }, [{ needs: [] }])).toBe(true);
});
