import { type Span, SpanMetrics, SpanMetricsQuery } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { systemClock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../../traces/rows/span-row.ts";
import { freshScope, makeSpan } from "../../traces/testing/make-span.ts";
import { createExploreServices } from "../index.ts";

let columnar: Columnar;
let insights: ReturnType<typeof createExploreServices>;
beforeAll(async () => {
  columnar = await openTestColumnar();
  insights = createExploreServices({
    columnar,
    clock: systemClock,
    log: silent,
    traces: { listTraces: async () => ({ items: [], nextCursor: null }) },
  });
});
afterAll(() => columnar.close());

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const FROM = "2026-11-20T10:00:00.000Z";
const TO = "2026-11-20T11:00:00.000Z";
const at = (minutes: number) => new Date(Date.parse(FROM) + minutes * 60_000).toISOString();

async function keep(scope: Scope, spans: readonly Partial<Span>[]) {
  const rows = spans.map((span) => toRow(scope.projectId, makeSpan({ startTime: at(1), ...span }), false));
  await columnar.insert("spans", rows);
}
async function ask(scope: Scope, query: Partial<z.input<typeof SpanMetricsQuery>>) {
  const parsed = SpanMetricsQuery.parse({ from: FROM, to: TO, measures: ["count"], ...query });
  return SpanMetrics.parse(await insights.measure(scope, parsed, new AbortController().signal));
}
const table = ({ rows }: SpanMetrics) =>
  rows.map(({ group, values, isOther }) => [
    ...(isOther ? ["(other)"] : Object.values(group)),
    ...Object.values(values),
  ]);

describe("measures", () => {
  test("of all spans are one row that says how many spans it is made of", async () => {
    const scope = freshScope();
    await keep(scope, [
      {
        durationMs: 100,
        inputTokens: 10,
        outputTokens: 5,
        costUsd: 0.25,
        timeToFirstTokenMs: 20,
        userId: "a",
        sessionId: "s",
      },
      {
        durationMs: 300,
        inputTokens: 30,
        outputTokens: 5,
        costUsd: null,
        status: "error",
        userId: "b",
        isCacheHit: true,
      },
      { durationMs: 900, kind: "agent", inputTokens: 40, outputTokens: 10, costUsd: 0.25, userId: "a" },
      { durationMs: 1, startTime: at(60) },
    ]);
    const measures = [
      "count",
      "requests",
      "traces",
      "users",
      "sessions",
      "errors",
      "errorRate",
      "cacheHitRate",
      "inputTokens",
      "totalTokens",
    ];
    const first = await ask(scope, { measures });
    expect(first.rows).toEqual([
      {
        group: {},
        isOther: false,
        n: 3,
        values: {
          count: 3,
          requests: 2,
          traces: 3,
          users: 2,
          sessions: 1,
          errors: 1,
          errorRate: 1 / 3,
          cacheHitRate: 0.5,
          inputTokens: 40,
          totalTokens: 50,
        },
      },
    ]);
    const second = await ask(scope, {
      measures: [
        "costUsd",
        "latencyAvgMs",
        "latencyP50Ms",
        "latencyP99Ms",
        "timeToFirstTokenP50Ms",
        "timeToFirstTokenP95Ms",
      ],
    });
    expect(second.rows[0]?.values).toMatchObject({ costUsd: 0.25, latencyP50Ms: 300, timeToFirstTokenP50Ms: 20 });
    expect(second.rows[0]?.values.latencyAvgMs).toBeCloseTo(1300 / 3);
    expect(second.columns.map(({ unit }) => unit)).toEqual(["usd", "ms", "ms", "ms", "ms", "ms"]);
  });

  test("of nothing are one row of none or of nothing to say, and no group", async () => {
    const scope = freshScope();
    expect((await ask(scope, { measures: ["count", "costUsd", "latencyP95Ms", "errorRate"] })).rows).toEqual([
      { group: {}, isOther: false, n: 0, values: { count: 0, costUsd: 0, latencyP95Ms: null, errorRate: null } },
    ]);
    expect((await ask(scope, { dimensions: ["model"] })).rows).toEqual([]);
    const steps = await ask(scope, { dimensions: ["time"], intervalSeconds: 1_800, compare: "previous" });
    expect(table(steps)).toEqual([
      [at(0), 0],
      [at(30), 0],
    ]);
    expect(steps.previousRows).toHaveLength(2);
  });

  test("of a score use a span's own scores before its trace's scores, and skip spans without one", async () => {
    const scope = freshScope();
    const [traceId, other] = ["1".repeat(32), "2".repeat(32)];
    await keep(scope, [
      { traceId, spanId: "a".repeat(16), requestModel: "one", responseModel: "" },
      { traceId, spanId: "b".repeat(16), requestModel: "two", responseModel: "" },
      { traceId: other, spanId: "c".repeat(16), requestModel: "two", responseModel: "" },
    ]);
    const score = (spanId: string, value: number, name = "helpful") => ({
      project_id: scope.projectId,
      time: "2026-11-20 10:05:00.000000",
      trace_id: traceId,
      span_id: spanId,
      name,
      value,
    });
    await columnar.insert("scores", [
      score("a".repeat(16), 1),
      score("a".repeat(16), 0),
      score("", 0.25),
      score("", 9, "other"),
      { ...score("", 9), project_id: "another" },
    ]);
    const metrics = await ask(scope, { measures: ["score.helpful", "score.nobody's", "count"], dimensions: ["model"] });
    expect(table(metrics)).toEqual([
      ["one", 0.5, null, 1],
      ["two", 0.25, null, 2],
    ]);
  });
});

describe("groups", () => {
  test("are ordered by the first measure, and the groups beyond the limit are one group with its own percentile", async () => {
    const scope = freshScope();
    const calls = ["a", "a", "a", "b", "b", "c", "d"].map((userId, place) => ({ userId, durationMs: place * 10 }));
    await keep(scope, calls);
    const metrics = await ask(scope, { measures: ["count", "latencyP50Ms"], dimensions: ["user"], limit: 2 });
    expect(table(metrics)).toEqual([
      ["a", 3, 10],
      ["b", 2, 35],
      ["(other)", 2, 55],
    ]);
    expect(metrics.isTruncated).toBe(true);
    expect(table(await ask(scope, { dimensions: ["user"], limit: 2, rest: "none" }))).toEqual([
      ["a", 3],
      ["b", 2],
    ]);
    expect((await ask(scope, { dimensions: ["user"], limit: 4 })).isTruncated).toBe(false);
  });

  test.each([
    ["model", { responseModel: "", requestModel: "m" }, "m"],
    ["model", { responseModel: "n", requestModel: "m" }, "n"],
    ["provider", { provider: "x" }, "x"],
    ["kind", { kind: "tool" }, "tool"],
    ["status", { status: "cancelled" }, "cancelled"],
    ["errorType", { errorType: "timeout" }, "timeout"],
    ["user", { userId: "ünïcode 'quoted' {x:String}" }, "ünïcode 'quoted' {x:String}"],
    ["session", { sessionId: "" }, ""],
    ["endpoint", { endpoint: "e" }, "e"],
    ["environment", { environment: "prod" }, "prod"],
    ["service", { service: "s" }, "s"],
    ["name", { name: "n" }, "n"],
    ["prompt", { promptName: "p" }, "p"],
    ["promptVersion", { promptVersion: "3" }, "3"],
    ["release", { release: "r1" }, "r1"],
    ["metadata.it's \\ `a` key", { metadata: { "it's \\ `a` key": "v" } }, "v"],
    ["metadata.missing", {}, ""],
    ["hourOfDay", {}, "10"],
    ["dayOfWeek", {}, "5"],
    ["latencyBand", { durationMs: 250 }, "200"],
  ] as const)("by %s of %j are %s", async (dimension, span, value) => {
    const scope = freshScope();
    await keep(scope, [span]);
    const metrics = await ask(scope, { dimensions: [dimension] });
    expect(metrics.rows).toMatchObject([{ group: { [dimension]: value }, n: 1 }]);
  });

  test("by tag hold a span once for each of its tags", async () => {
    const scope = freshScope();
    await keep(scope, [{ tags: ["a", "b"] }, { tags: ["a"] }, { tags: [] }]);
    expect(table(await ask(scope, { dimensions: ["tag"] }))).toEqual([
      ["a", 2],
      ["", 1],
      ["b", 1],
    ]);
  });

  test("by two dimensions are ranked as pairs", async () => {
    const scope = freshScope();
    await keep(scope, [
      { provider: "x", userId: "a" },
      { provider: "x", userId: "a" },
      { provider: "y", userId: "a" },
      { provider: "x", userId: "b" },
    ]);
    const metrics = await ask(scope, { dimensions: ["provider", "user"], limit: 1 });
    expect(table(metrics)).toEqual([
      ["x", "a", 2],
      ["(other)", 2],
    ]);
  });
});

describe("time", () => {
  test("has a row for each step of each group, from its start, with what is additive at nothing in the gaps", async () => {
    const scope = freshScope();
    await keep(scope, [
      { startTime: at(0), userId: "a", durationMs: 10 },
      { startTime: at(25), userId: "a", durationMs: 30 },
      { startTime: at(59.99), userId: "b", durationMs: 50 },
    ]);
    const metrics = await ask(scope, {
      measures: ["count", "latencyP50Ms"],
      dimensions: ["time", "user"],
      intervalSeconds: 1_200,
    });
    expect(metrics.intervalSeconds).toBe(1_200);
    expect(table(metrics)).toEqual([
      [at(0), "a", 1, 10],
      [at(20), "a", 1, 30],
      [at(40), "a", 0, null],
      [at(0), "b", 0, null],
      [at(20), "b", 0, null],
      [at(40), "b", 1, 50],
    ]);
  });

  test("combines its groups beyond the limit", async () => {
    const scope = freshScope();
    await keep(
      scope,
      ["a", "a", "b", "c"].map((userId) => ({ userId })),
    );
    const metrics = await ask(scope, { dimensions: ["time", "user"], intervalSeconds: 3_600, limit: 1 });
    expect(table(metrics)).toEqual([
      [at(0), "a", 2],
      ["(other)", 2],
    ]);
    expect(metrics.rows[1]?.group.time).toBe(at(0));
  });

  test("is divided into at most a hundred steps of a usual length when none is asked for", async () => {
    const scope = freshScope();
    expect((await ask(scope, { dimensions: ["time"] })).intervalSeconds).toBe(60);
    const year = await ask(scope, { dimensions: ["time"], from: "2025-11-20T00:00:00Z", to: "2026-11-20T00:00:00Z" });
    expect(year.intervalSeconds).toBe(7 * 86_400);
  });

  test("in steps that are too short is refused with the length that would do", async () => {
    const query = { dimensions: ["time", "user"], intervalSeconds: 1, limit: 100 };
    await expect(ask(freshScope(), query)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("`intervalSeconds` of at least 8"),
    });
    expect((await ask(freshScope(), { ...query, intervalSeconds: 8 })).rows).toEqual([]);
  });

  test("that ends before it begins is refused", async () => {
    await expect(ask(freshScope(), { to: FROM })).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("the span of time before", () => {
  test("is given for the same groups, at its own times", async () => {
    const scope = freshScope();
    await keep(scope, [
      { startTime: at(5), userId: "a" },
      { startTime: at(-5), userId: "a" },
      { startTime: at(-5), userId: "b" },
      { startTime: at(-5), userId: "b" },
      { startTime: at(-61), userId: "a" },
    ]);
    const whole = await ask(scope, { dimensions: ["user"], compare: "previous" });
    expect(table(whole)).toEqual([["a", 1]]);
    expect(whole.previousRows).toMatchObject([{ group: { user: "a" }, n: 1 }]);
    const steps = await ask(scope, { dimensions: ["time"], intervalSeconds: 1_800, compare: "previous" });
    expect(steps.previousRows?.map(({ group, n }) => [group.time, n])).toEqual([
      [at(-60), 0],
      [at(-30), 3],
    ]);
  });
});

describe("cohorts", () => {
  test("are computed in one query, with filters that may overlap", async () => {
    const scope = freshScope();
    await keep(scope, [
      { userId: "a", provider: "x" },
      { userId: "a", provider: "y" },
      { userId: "b", provider: "x", status: "error" },
    ]);
    const cohorts = [
      { name: "Users of x", where: { provider: "x" } },
      { name: "Ada", where: { userId: "a" } },
      { name: "Nobody", where: { userId: "nobody" } },
    ];
    const metrics = await ask(scope, { measures: ["count", "errors"], cohorts });
    expect(table(metrics)).toEqual([
      ["Users of x", 2, 1],
      ["Ada", 2, 0],
      ["Nobody", 0, 0],
    ]);
    const byUser = await ask(scope, { dimensions: ["user"], cohorts, where: { status: "ok" } });
    expect(table(byUser)).toEqual([
      ["Users of x", "a", 1],
      ["Ada", "a", 2],
    ]);
    expect(byUser.columns[0]).toMatchObject({ name: "cohort", role: "dimension" });
  });
});

test("a filter restricts the measured spans", async () => {
  const scope = freshScope();
  await keep(scope, [{ userId: "a" }, { userId: "b" }, { userId: "b", kind: "tool" }]);
  expect(table(await ask(scope, { where: { userId: "b", kind: "tool" } }))).toEqual([[1]]);
  expect(table(await ask(scope, { where: { filter: "user:b -kind:tool" } }))).toEqual([[1]]);
  const cohorts = ["user:a", "user:b OR kind:tool"].map((filter) => ({ name: filter, where: { filter } }));
  expect(table(await ask(scope, { cohorts })).map(([, count]) => count)).toEqual([1, 2]);
});

test("nothing of another project is measured, ranked or scored", async () => {
  const [mine, theirs] = [freshScope(), freshScope()];
  await keep(mine, [{ userId: "a" }]);
  await keep(theirs, [{ userId: "secret" }, { userId: "secret" }]);
  for (const dimensions of [[], ["user"], ["time", "user"], ["tag"]] as const) {
    const cohorts = [
      { name: "all", where: {} },
      { name: "named", where: { userId: "a,secret" } },
    ];
    for (const more of [{}, { cohorts }]) {
      const metrics = await ask(mine, { dimensions: [...dimensions], compare: "previous", ...more });
      expect(JSON.stringify(metrics)).not.toContain("secret");
      expect(metrics.rows.reduce((sum, { n }) => sum + n, 0)).toBe("cohorts" in more ? 2 : 1);
    }
  }
});

test("a measure, a dimension or a field that is not known is refused with those that are", () => {
  const parse = (query: object) => SpanMetricsQuery.safeParse({ from: FROM, to: TO, measures: ["count"], ...query });
  const wordsOf = (query: object) =>
    parse(query)
      .error?.issues.map(({ message }) => message)
      .join();
  expect(wordsOf({ measures: ["count(); DROP TABLE spans"] })).toContain("must be one of count, requests");
  expect(wordsOf({ measures: ["constructor"] })).toContain("must be one of");
  expect(wordsOf({ dimensions: ["__proto__"] })).toContain("must be one of time, model");
  expect(wordsOf({ where: { from: FROM } })).toContain("from");
});

describe("calls of probes", () => {
  const count = async (scope: Scope, query: Parameters<typeof ask>[1]) =>
    (await ask(scope, query)).rows.map(({ values }) => values.count);

  test("are measured only if the query names an environment", async () => {
    const scope = freshScope();
    await keep(scope, [{ environment: "production" }, { environment: "probe" }, { environment: "probe" }]);
    expect(await count(scope, {})).toEqual([1]);
    // A text that only contains the word is no such query.
    expect(await count(scope, { where: { filter: "name:environment OR kind:generation" } })).toEqual([1]);
    expect(await count(scope, { where: { filter: "environment:probe" } })).toEqual([2]);
    expect(await count(scope, { where: { filter: "-environment:staging" } })).toEqual([3]);
    expect(table(await ask(scope, { dimensions: ["environment"] }))).toEqual([
      ["probe", 2],
      ["production", 1],
    ]);
    const cohorts = ["probe", "production"].map((name) => ({ name, where: { filter: `environment:${name}` } }));
    expect(await count(scope, { cohorts })).toEqual([2, 1]);
  });
});
