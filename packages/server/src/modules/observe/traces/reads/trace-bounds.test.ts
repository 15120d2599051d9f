import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { toContentRow, toScoreRow } from "../rows/content-rows.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { createTraceReads } from "./reads.ts";

let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

const START = Date.parse("2026-11-20T10:00:00.000Z");
const traceId = "a".repeat(32);
const idOf = (place: number) => (place + 1).toString(16).padStart(16, "0");
const spanAt = (place: number, more = {}) =>
  makeSpan({
    traceId,
    spanId: idOf(place),
    startTime: new Date(START + Math.floor(place / 10)).toISOString(),
    ...more,
  });

async function keep({ projectId }: { projectId: string }, count: number, more = {}) {
  for (let from = 0; from < count; from += 10_000) {
    const places = Array.from({ length: Math.min(10_000, count - from) }, (_, index) => from + index);
    await columnar.insert(
      "spans",
      places.map((place) => toRow(projectId, spanAt(place, more), false)),
    );
  }
}

test("the first spans of a very large trace are returned, and the response reports that there are more", async () => {
  const scope = freshScope();
  await keep(scope, 50_001);
  const reads = createTraceReads(columnar);
  const whole = await reads.get(scope, traceId);
  expect([whole.spans.length, whole.isCut, whole.spans.at(-1)?.spanId]).toEqual([5_000, true, idOf(4_999)]);
  const outline = await reads.outline(scope, traceId);
  expect([outline.columns.spanId.length, outline.isCut, outline.columns.spanId.at(-1)]).toEqual([
    50_000,
    true,
    idOf(49_999),
  ]);
});

test("a trace of exactly as many spans as are given is whole", async () => {
  const scope = freshScope();
  await keep(scope, 5_000);
  const { spans, isCut } = await createTraceReads(columnar).get(scope, traceId);
  expect([spans.length, isCut]).toEqual([5_000, false]);
});

test("of a trace whose spans hold very much only so many are given, and always one", async () => {
  const [many, few] = [freshScope(), freshScope()];
  await keep(many, 60, { input: "x".repeat(1_000_000) });
  await keep(few, 3, { input: "x".repeat(40_000_000) });
  const reads = createTraceReads(columnar);
  const cut = await reads.get(many, traceId);
  expect([cut.spans.length, cut.isCut]).toEqual([33, true]);
  const first = await reads.get(few, traceId);
  expect([first.spans.length, first.isCut]).toEqual([1, true]);
});

test("the logs and scores of a span are found among thousands of others", async () => {
  const scope = freshScope();
  await keep(scope, 1_200, { input: null, output: null });
  const time = (place: number) => new Date(START + place).toISOString();
  const contents = Array.from({ length: 1_200 }, (_, place) => ({
    traceId,
    spanId: idOf(place),
    name: "gen_ai.user.message",
    time: time(place),
    body: { content: `question ${place}` },
    attributes: {},
  }));
  const scores = contents.map(({ spanId, time: scored }) => ({
    traceId,
    spanId,
    time: scored,
    name: "helpful",
    value: 1,
    label: "",
    comment: "",
    source: "otel",
  }));
  await columnar.insert(
    "span_contents",
    contents.map((content) => toContentRow(scope.projectId, content)),
  );
  await columnar.insert(
    "scores",
    scores.map((score) => toScoreRow(scope.projectId, score)),
  );
  const reads = createTraceReads(columnar);
  const detail = await reads.getSpan(scope, { traceId, spanId: idOf(1_199) });
  expect([detail.contents.length, detail.scores.length]).toEqual([1, 1]);
  expect(JSON.stringify(detail.input)).toContain("question 1199");
  const { spans } = await reads.get(scope, traceId);
  expect(spans.filter(({ input }) => input === null)).toEqual([]);
  const { items } = await reads.list(scope, { limit: 50, order: "startTime", direction: "desc" });
  expect(items.filter(({ inputPreview }) => !inputPreview.startsWith("question "))).toEqual([]);
  expect((await reads.listTraces(scope, { limit: 10 })).items).toMatchObject([{ inputPreview: "question 1199" }]);
});

test("values for a whole trace belong to its root span", async () => {
  const scope = freshScope();
  await keep(scope, 1, { parentSpanId: "" });
  const media = { traceId, spanId: "", name: "treadle.media", time: new Date(START).toISOString() };
  await columnar.insert("span_contents", [toContentRow(scope.projectId, { ...media, body: null, attributes: {} })]);
  const detail = await createTraceReads(columnar).getSpan(scope, { traceId, spanId: idOf(0) });
  expect(detail.contents.map(({ name }) => name)).toEqual(["treadle.media"]);
});
