import { type Span, SpanMetricsQuery } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { systemClock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../traces/rows/span-row.ts";
import { freshScope, makeSpan } from "../traces/testing/make-span.ts";
import { createExploreServices } from "./index.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let columnar: Columnar;
let insights: ReturnType<typeof createExploreServices>;
beforeAll(async () => {
  columnar = await openTestColumnar();
  const traces = { listTraces: async () => ({ items: [], nextCursor: null }) };
  insights = createExploreServices({ columnar, clock: systemClock, log: silent, traces });
});
afterAll(() => columnar.close());

const FROM = "2026-11-20T10:00:00.000Z";
const TO = "2026-11-20T11:00:00.000Z";
const at = (minutes: number) => new Date(Date.parse(FROM) + minutes * 60_000).toISOString();

async function keep(scope: Scope, spans: readonly Partial<Span>[]) {
  const rows = spans.map((span) => toRow(scope.projectId, makeSpan({ startTime: at(1), ...span }), false));
  await columnar.insert("spans", rows);
}
const measure = (scope: Scope, query: Partial<z.input<typeof SpanMetricsQuery>>) =>
  insights.measure(
    scope,
    SpanMetricsQuery.parse({ from: FROM, to: TO, measures: ["count"], ...query }),
    new AbortController().signal,
  );

const ROOT = "1".repeat(16);
const trace = (digit: string, root: Partial<Span>, ...calls: Partial<Span>[]) => [
  { traceId: digit.repeat(32), spanId: ROOT, kind: "agent" as const, ...root },
  ...calls.map((call) => ({ traceId: digit.repeat(32), parentSpanId: ROOT, costUsd: 1, startTime: at(2), ...call })),
];

test("the cost of a user or a session holds the calls of traces that only the root names", async () => {
  const scope = freshScope();
  await keep(scope, [
    ...trace("1", { userId: "ada", sessionId: "talk" }, {}, {}),
    ...trace("2", { startTime: at(-1), userId: "bob" }, {}),
    ...trace("3", {}, {}),
  ]);
  const measures = ["costUsd", "count"];
  const valuesBy = async (dimension: "user" | "session") =>
    (await measure(scope, { measures, dimensions: [dimension] })).rows.map(({ group, values }) => [
      group[dimension],
      values.costUsd,
      values.count,
    ]);
  expect(await valuesBy("user")).toEqual([
    ["ada", 2, 3],
    ["", 1, 2],
    ["bob", 1, 1],
  ]);
  expect(await valuesBy("session")).toEqual([
    ["", 2, 3],
    ["talk", 2, 3],
  ]);
  const both = await measure(scope, { measures, dimensions: ["user", "session"], limit: 1, rest: "none" });
  expect(both.rows).toMatchObject([{ group: { user: "ada", session: "talk" }, values: { costUsd: 2 } }]);
});

test("a question about one user counts that user's spans alone, also where a trace names another", async () => {
  const scope = freshScope();
  await keep(scope, trace("1", { userId: "ada" }, {}, { userId: "bob" }, {}));
  const countOf = async (more: object) =>
    (await measure(scope, { measures: ["count"], ...more })).rows[0]?.values.count;
  expect(await countOf({ user: "ada" })).toBe(3);
  expect(await countOf({ user: "bob" })).toBe(1);
  expect(await countOf({ user: "cleo" })).toBe(0);
  expect(await countOf({ user: "ada", where: { filter: "kind:generation" } })).toBe(2);
});

test("a filter by user measures the spans that belong to the user, also in cohorts", async () => {
  const scope = freshScope();
  await keep(scope, [
    ...trace("1", { startTime: at(-1), userId: "ada" }, {}, { userId: "bob" }, {}),
    ...trace("2", {}, {}),
  ]);
  const where = { filter: "user:ada" };
  const { rows } = await measure(scope, { where, measures: ["costUsd", "count"], dimensions: ["model"] });
  expect(rows).toMatchObject([{ values: { costUsd: 2, count: 2 } }]);
  const cohorts = [
    { name: "Ada", where },
    { name: "others", where: { filter: "user!=ada" } },
    { name: "nobody", where: { filter: 'user:""' } },
  ];
  expect((await measure(scope, { cohorts })).rows.map(({ group, values }) => [group.cohort, values.count])).toEqual([
    ["Ada", 2],
    ["others", 3],
    ["nobody", 2],
  ]);
});

test("steps follow the clock, so that a moment later each span is in the same step", async () => {
  const scope = freshScope();
  await keep(
    scope,
    [0.5, 4.9, 5.1, 17].map((minutes) => ({ startTime: at(minutes) })),
  );
  const countsFrom = async (seconds: number) => {
    const [from, to] = [at(-60 + seconds / 60), at(60 + seconds / 60)];
    const { rows } = await measure(scope, { from, to, dimensions: ["time"], intervalSeconds: 300 });
    return rows.filter(({ n }) => n > 0).map(({ group, n }) => [group.time, n]);
  };
  const expected = [
    [at(0), 2],
    [at(5), 1],
    [at(15), 1],
  ];
  expect(await countsFrom(0)).toEqual(expected);
  expect(await countsFrom(37)).toEqual(expected);
  expect(await countsFrom(251)).toEqual(expected);
});

test("the intervals of the previous period are the intervals of the period, moved back by its length", async () => {
  const scope = freshScope();
  await keep(scope, [{ startTime: at(31) }, { startTime: at(-29) }]);
  const { rows, previousRows } = await measure(scope, {
    from: at(7),
    to: at(67),
    dimensions: ["time"],
    intervalSeconds: 600,
    compare: "previous",
  });
  expect(rows.map(({ group }) => group.time)[0]).toBe(at(0));
  expect(previousRows).toHaveLength(rows.length);
  expect(previousRows?.findIndex(({ n }) => n > 0)).toBe(rows.findIndex(({ n }) => n > 0));
});
