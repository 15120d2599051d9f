import { SPAN_MEASURES } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createExploreServices } from "../explore/index.ts";
import { createTraceReads } from "../traces/reads/reads.ts";
import { toRow } from "../traces/rows/span-row.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { createWorld, minuteOf } from "./testing/monitor-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres.close(), columnar.close()]));

const MINUTE = 60_000;
const measure = (name: string, more: object = {}) => ({ kind: "measure" as const, measure: name, ...more });
const above = (critical: number) => ({ kind: "threshold" as const, critical });

/** A world that counts the statements of the columnar store, and the rows that they return. */
async function world() {
  const statements: string[] = [];
  const rowCounts: number[] = [];
  const counting: Columnar = {
    ...columnar,
    async select(query) {
      statements.push(query.sql);
      const rows = await columnar.select(query);
      rowCounts.push(rows.length);
      return rows;
    },
  };
  const explore = createExploreServices({
    columnar,
    clock: { now: Date.now, elapsed: () => performance.now() },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    traces: createTraceReads(columnar),
  });
  const created = await createWorld({ db: postgres.db, columnar: counting });
  return { ...created, statements, rowCounts, withSql: created.open({ runSql: explore.runSql }) };
}

const lastOf = async ({ monitors, scope }: Awaited<ReturnType<typeof world>>, monitorId: string) =>
  (await monitors.listSeries(scope, monitorId, { limit: 1 })).items[0]?.last;

describe("measures", () => {
  test("of all kinds are read, and those with the same window share one statement", async () => {
    const one = await world();
    await one.send(
      minuteOf(40, 10, {
        durationMs: 2_000,
        costUsd: 0.5,
        inputTokens: 100,
        outputTokens: 20,
        userId: "ada",
        timeToFirstTokenMs: 300,
      }),
    );
    const names = Object.keys(SPAN_MEASURES);
    const created = new Map<string, string>();
    for (const name of names) {
      const { monitorId } = await one.create({ name, source: measure(name), condition: above(1e12) });
      created.set(name, monitorId);
    }
    await one.create({ source: measure("count", { filter: "status:error" }), condition: above(1e12) });
    one.move(MINUTE);
    one.statements.length = 0;
    await one.evaluate();
    expect(one.statements.filter((sql) => sql.includes("FROM spans")).length).toBe(1);
    const expected = {
      ...{ count: 40, requests: 40, traces: 40, users: 1, errors: 10, errorRate: 0.25, costUsd: 20 },
      ...{ totalTokens: 4_800, latencyAvgMs: 2_000 },
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, (await lastOf(one, created.get(name) ?? ""))?.value]).toEqual([name, value]);
    const p95 = (await lastOf(one, created.get("latencyP95Ms") ?? ""))?.value ?? 0;
    expect(Math.abs(p95 / 2_000 - 1)).toBeLessThan(0.02);
  });

  test("with a filter count only its spans, and a bad source stops no other monitor", async () => {
    const one = await world();
    await one.send([...minuteOf(30, 30, { endpoint: "a" }), ...minuteOf(30, 0, { endpoint: "b" })]);
    const a = await one.create({ source: measure("errorRate", { filter: "endpoint:a" }) });
    const b = await one.create({ source: measure("errorRate", { filter: "endpoint:b" }) });
    one.move(MINUTE);
    await one.evaluate();
    expect(await lastOf(one, a.monitorId)).toMatchObject({ value: 1, n: 30, state: "firing" });
    expect(await lastOf(one, b.monitorId)).toMatchObject({ value: 0, n: 30, state: "ok" });
  });

  test("leave out calls of probes, unless the monitor is about environments", async () => {
    const one = await world();
    await one.send([
      ...minuteOf(30, 30, { environment: "probe", endpoint: "probed" }),
      ...minuteOf(20, 0, { environment: "production", endpoint: "chat" }),
    ]);
    const create = async (more: object) => (await one.create({ source: measure("errorRate", more) })).monitorId;
    const [all, groups, named, environments] = [
      await create({}),
      await create({ groupBy: "endpoint" }),
      await create({ filter: "environment:probe" }),
      await create({ groupBy: "environment" }),
    ];
    one.move(MINUTE);
    await one.evaluate();
    const seriesOf = async (monitorId: string) =>
      (await one.monitors.listSeries(one.scope, monitorId, { limit: 5 })).items.map(({ series, last }) => [
        series,
        last?.n,
      ]);
    expect(await seriesOf(all)).toEqual([["", 20]]);
    expect(await seriesOf(groups)).toEqual([["chat", 20]]);
    expect(await seriesOf(named)).toEqual([["", 30]]);
    expect(await seriesOf(environments)).toEqual([
      ["probe", 30],
      ["production", 20],
    ]);
  });

  test("of scores use the time of the score, also of spans that are older than the window", async () => {
    const one = await world();
    const { projectId } = one.scope;
    const spans = Array.from({ length: 40 }, (_, place) =>
      makeSpan({ startTime: new Date(one.now() - 3_600_000).toISOString(), endpoint: place < 20 ? "a" : "b" }),
    );
    await columnar.insert(
      "spans",
      spans.map((span) => toRow(projectId, span, false)),
    );
    await columnar.insert(
      "scores",
      spans.map(({ traceId, spanId }, place) => ({
        project_id: projectId,
        time: (one.now() - 30_000) * 1_000,
        trace_id: traceId,
        // A score of the whole trace counts for its root span.
        span_id: place % 2 === 0 ? spanId : "",
        name: "helpful",
        value: place < 20 ? 0.2 : 0.9,
        source: "scorer",
      })),
    );
    const condition = { kind: "threshold", direction: "below", warning: 0.5 } as const;
    const { monitorId } = await one.create({ source: measure("score.helpful", { groupBy: "endpoint" }), condition });
    await columnar.insert(
      "spans",
      spans
        .slice(0, 2)
        .map((span) => toRow(projectId, { ...span, startTime: new Date(one.now()).toISOString() }, false)),
    );
    one.move(MINUTE);
    await one.evaluate();
    const { items } = await one.monitors.listSeries(one.scope, monitorId, { limit: 5 });
    expect(items.map(({ series, state }) => [series, state])).toContainEqual(["a", "firing"]);
  });

  test("over long windows are put together from parts, and each part is read once", async () => {
    const one = await world();
    await one.send(Array.from({ length: 30 }, (_, hour) => ({ ago: (hour + 1) * 3_600, span: { costUsd: 1 } })));
    const { monitorId } = await one.create({
      source: measure("costUsd"),
      condition: above(1e9),
      windowSeconds: 86_400,
    });
    one.move(MINUTE);
    await one.evaluate();
    expect((await lastOf(one, monitorId))?.value).toBe(24);
    await one.send([{ ago: 30, span: { costUsd: 5 } }]);
    one.move(MINUTE);
    await one.evaluate();
    expect((await lastOf(one, monitorId))?.value).toBe(29);
    for (let hour = 0; hour < 5; hour++) {
      one.move(60 * MINUTE);
      await one.evaluate();
    }
    expect((await lastOf(one, monitorId))?.value).toBe(24);
    // A second monitor without stored parts sees the same.
    const again = one.open();
    const fresh = await one.create({ source: measure("costUsd"), condition: above(1e9), windowSeconds: 86_400 });
    await one.evaluate(again);
    expect((await lastOf(one, fresh.monitorId))?.value).toBe(24);
  });

  test("with 10,000 groups have at most 200 series and one for all others", async () => {
    const one = await world();
    const names = Array.from({ length: 10_000 }, (_, place) => `user-${place}`);
    await one.send(names.map((userId, place) => ({ ago: 20 + (place % 40), span: { userId } })));
    await one.send(names.slice(0, 200).map((userId) => ({ ago: 20, span: { userId, status: "error" } })));
    const source = measure("errorRate", { groupBy: "user", seriesLimit: 200 });
    const { monitorId } = await one.create({ source, condition: above(0.9) });
    one.move(MINUTE);
    await one.evaluate();
    const { items } = await one.monitors.listSeries(one.scope, monitorId, { limit: 1_000 });
    expect(items).toHaveLength(201);
    expect(items.find(({ series }) => series === "other")?.last?.n).toBe(9_800);
    const { counts } = await one.monitors.get(one.scope, monitorId);
    expect(counts.ok).toBe(201);
    // The groups are summed by the store, so that memory does not grow with their number.
    expect(Math.max(...one.rowCounts)).toBeLessThanOrEqual(201);
  });
});

describe("a burn rate", () => {
  test("reads all its windows", async () => {
    const one = await world();
    await one.send(Array.from({ length: 144 }, (_, half) => ({ ago: half * 1_800 + 900 })));
    const { monitorId } = await one.create({ condition: { kind: "burn", objective: 0.9 } });
    await one.send(minuteOf(50, 50));
    one.move(MINUTE);
    await one.evaluate();
    expect(await lastOf(one, monitorId)).toMatchObject({ state: "firing" });
    expect((await lastOf(one, monitorId))?.value).toBeGreaterThan(2);
  });

  test("of a count is rejected, as is one that can never be exceeded", async () => {
    const one = await world();
    const condition = { kind: "burn", objective: 0.99 } as const;
    await expect(one.create({ source: measure("count"), condition })).rejects.toThrow(
      /rate of bad requests: `errorRate` or `guardRate`/,
    );
    const windows = [{ burnRate: 14.4, longMinutes: 60, shortMinutes: 5, severity: "critical" as const }];
    await expect(one.create({ condition: { kind: "burn", objective: 0.9, windows } })).rejects.toThrow(/below 10\.0/);
  });
});

describe("a change", () => {
  test("is found against the past, and an incident is not learned", async () => {
    const one = await world();
    const past = Array.from({ length: 24 * 12 }, (_, window) => window * 300 + 150);
    await one.send(
      past.flatMap((ago) =>
        Array.from({ length: 20 }, (_, place) => ({
          ago,
          span: { status: place === 0 ? ("error" as const) : ("ok" as const) },
        })),
      ),
    );
    const condition = { kind: "change", daysBetweenFalseAlarms: 1, isSeasonal: false } as const;
    const { monitorId } = await one.create({ condition, everySeconds: 300, windowSeconds: 300 });
    one.move(5 * MINUTE);
    await one.send([...minuteOf(20, 1)]);
    one.move(5 * MINUTE);
    await one.evaluate();
    const before = await lastOf(one, monitorId);
    expect(before?.expected).toBeCloseTo(0.05, 1);
    expect(before?.state).toBe("ok");
    for (let window = 0; window < 3; window++) {
      await one.send(minuteOf(20, 15));
      one.move(5 * MINUTE);
      await one.evaluate();
    }
    expect(await lastOf(one, monitorId)).toMatchObject({ state: "firing", evidence: 1 });
    // A new server learns again, without the windows of the incident.
    for (let window = 0; window < 6; window++) {
      await one.send(minuteOf(20, 15));
      one.move(5 * MINUTE);
      await one.evaluate(one.open());
    }
    expect((await lastOf(one, monitorId))?.expected).toBeLessThan(0.08);
  });

  test("learns only since a release if a person says so", async () => {
    const one = await world();
    const windowsOf = (windows: number, failed: number, before = 0) =>
      Array.from({ length: windows * 20 }, (_, place) => ({
        ago: before + Math.floor(place / 20) * 300 + 150,
        span: { status: place % 20 < failed ? ("error" as const) : ("ok" as const) },
      }));
    await one.send([...windowsOf(48, 10), ...windowsOf(200, 1, 48 * 300)]);
    const change = { kind: "change", isSeasonal: false } as const;
    const create = async (condition: object) =>
      (await one.create({ condition: { ...change, ...condition }, everySeconds: 300, windowSeconds: 300 })).monitorId;
    const learnSince = new Date(one.now() - 47 * 300_000).toISOString();
    const [all, since] = [await create({}), await create({ learnSince })];
    one.move(5 * MINUTE);
    await one.evaluate();
    expect((await lastOf(one, all))?.expected).toBeLessThan(0.2);
    expect((await lastOf(one, since))?.expected).toBeCloseTo(0.5, 1);
  });
});

describe("SQL", () => {
  const sql = (text: string) => ({ source: { kind: "sql" as const, sql: text }, condition: above(0.5) });
  const WINDOW = "start_time >= {from:DateTime64(6)} AND start_time < {to:DateTime64(6)}";

  test("gives a value for each series of its window", async () => {
    const one = await world();
    await one.send([...minuteOf(30, 30, { endpoint: "a" }), ...minuteOf(30, 0, { endpoint: "b" }), { ago: 900 }]);
    const text = `SELECT endpoint AS series, avg(status = 'error') AS value, count() AS n FROM spans WHERE ${WINDOW} GROUP BY endpoint`;
    const { monitorId } = await one.create(sql(text));
    one.move(MINUTE);
    await one.evaluate(one.withSql);
    const { items } = await one.monitors.listSeries(one.scope, monitorId, { limit: 5 });
    expect(items.map(({ series, state, last }) => [series, state, last?.n])).toEqual([
      ["a", "firing", 30],
      ["b", "ok", 30],
    ]);
  });

  test.each([
    ["SELECT nothing AS value FROM spans", /nothing/],
    ["SELECT 1 AS amount", /no column `value`/],
    ["SELECT 'x' AS value", /not a number/],
    ["SELECT any(input) AS value FROM spans", /content of traces/],
    ["SELECT number AS value FROM (SELECT arrayJoin(range(300)) AS number)", /more than 200 rows/],
  ])("that cannot be used is an error: %s", async (text, message) => {
    const one = await world();
    const healthy = await one.create();
    await one.send(minuteOf(30, 0));
    const { monitorId } = await one.create(sql(text));
    one.move(MINUTE);
    await one.evaluate(one.withSql);
    const monitor = await one.monitors.get(one.scope, monitorId);
    expect(monitor).toMatchObject({ state: "error", counts: { error: 1 } });
    expect(monitor.lastError).toMatch(message);
    expect((await one.monitors.get(one.scope, healthy.monitorId)).state).toBe("ok");
  });

  test("that is slow is an error, and a busy console delays the window without one", async () => {
    const one = await world();
    const { monitorId } = await one.create(sql("SELECT 1 AS value"));
    const healthy = await one.create();
    await one.send(minuteOf(30, 30));
    const overloaded = new AppError("overloaded", { message: "busy" });
    one.move(MINUTE);
    await one.evaluate(one.open({ runSql: () => Promise.reject(overloaded) }));
    expect((await one.monitors.get(one.scope, monitorId)).evaluatedAt).toBeNull();
    expect((await one.monitors.get(one.scope, healthy.monitorId)).state).toBe("firing");
    const never = one.open({
      sqlTimeoutMs: 50,
      runSql: (_scope, _statement, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    one.move(MINUTE);
    await one.evaluate(never);
    expect((await one.monitors.get(one.scope, monitorId)).lastError).toMatch(/took longer than 0\.05 seconds/);
    const { evaluatedAt, lastError } = await one.monitors.get(one.scope, healthy.monitorId);
    expect({ evaluatedAt, lastError }).toEqual({ evaluatedAt: new Date(one.now()).toISOString(), lastError: "" });
  });

  test("with a burn rate reads a pair again after a tenth of its short window", async () => {
    const one = await world();
    let share = 0;
    let statements = 0;
    const columns = ["value", "n"].map((name) => ({ name, type: "Float64" }));
    const counting = one.open({
      async runSql() {
        statements++;
        return { columns, rows: [[share, 1_000]], elapsedMs: 1, rowsRead: 1, isTruncated: false };
      },
    });
    const { monitorId } = await one.create({ ...sql("SELECT 1"), condition: { kind: "burn", objective: 0.95 } });
    const read = async () => {
      statements = 0;
      one.move(MINUTE);
      await one.evaluate(counting);
      return statements;
    };
    const counts: number[] = [];
    for (let minute = 0; minute < 13; minute++) counts.push(await read());
    // The pairs are read every 1, 3, 12 and 36 minutes. Two pairs share a window of 6 hours.
    expect(counts).toEqual([7, 2, 2, 4, 2, 2, 4, 2, 2, 4, 2, 2, 6]);
    share = 1;
    await read();
    expect((await lastOf(one, monitorId))?.state).toBe("firing");
    // Another statement is another monitor to read.
    const { source } = sql("SELECT 2");
    await one.monitors.update(one.scope, monitorId, { patch: { source }, signal: one.signal });
    expect(await read()).toBe(7);
  });
});
