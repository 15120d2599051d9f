import { type MonitorInput, SloInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createExploreServices } from "../explore/index.ts";
import { scoresOf, whereSpans } from "../traces/index.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { openTestTraces } from "../traces/testing/open-test-traces.ts";
import type { JudgeErrorsOf } from "./deps.ts";
import { createSlos } from "./service.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const MINUTE = 60_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let time = NOW;
const clock = { now: () => time, elapsed: () => performance.now() };
let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let scope: Scope;
let slos: ReturnType<typeof createSlos>;
let monitors: Map<string, MonitorInput>;
let judgeErrors: Awaited<ReturnType<JudgeErrorsOf>>;
let asked: Parameters<JudgeErrorsOf>[];

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(NOW)]);
});
afterAll(async () => {
  await Promise.all([postgres?.close(), traces?.close()]);
});
beforeEach(async () => {
  time = NOW;
  monitors = new Map();
  [judgeErrors, asked] = [{ reason: "The judge was not calibrated." }, []];
  scope = await newScope();
  slos = makeSlos();
});

async function newScope(): Promise<Scope> {
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  return { projectId, actor: "user_1", userId: "user_1", permissions: new Set(["traces:content"]) };
}

/** A second one has nothing cached, such as a server after a restart. */
const makeSlos = () =>
  createSlos({
    db: postgres.db,
    columnar: traces.columnar,
    jobs: { register() {}, send: async () => "job_1" },
    audit: createAudit({ db: postgres.db, clock }),
    monitors: {
      async create(_scope, input) {
        const monitorId = `mon_${monitors.size + 1}`;
        monitors.set(monitorId, input);
        return monitorId;
      },
      async update(_scope, monitorId, input) {
        if (!monitors.has(monitorId)) return false;
        monitors.set(monitorId, input);
        return true;
      },
      delete: async (_scope, monitorId) => void monitors.delete(monitorId),
    },
    whereSpans,
    scoresOf,
    judgeErrorsOf: async (projectId, of) => {
      asked.push([projectId, of]);
      return judgeErrors;
    },
    clock,
    log: silent,
  });

const input = (more: Partial<SloInput> & Pick<SloInput, "indicator">) =>
  SloInput.parse({ name: "Support", endpoint: "support", objective: 0.9, ...more });
const call = (agoMs: number, more: Parameters<typeof makeSpan>[0] = {}) =>
  makeSpan({ endpoint: "support", startTime: new Date(NOW - agoMs).toISOString(), ...more });
const guard = (action: string) => ({
  "treadle.guard.policy": "gpol_1",
  "treadle.guard.version": 1,
  "treadle.guard.action": action,
});
const HELPFUL = { kind: "score", score: "helpful", least: 0.5 } as const;
const scoreOf = (span: ReturnType<typeof makeSpan> | undefined, value: number, more: object = {}) => ({
  project_id: scope.projectId,
  time: new Date(NOW).toISOString().replace("T", " ").replace("Z", ""),
  trace_id: span?.traceId,
  span_id: span?.spanId,
  name: "helpful",
  value,
  label: "",
  comment: "",
  source: "scorer",
  ...more,
});
const times = (count: number, make: (place: number) => ReturnType<typeof makeSpan>) =>
  Array.from({ length: count }, (_, place) => make(place));

test("availability counts the failed calls of an endpoint by window and day", async () => {
  await traces.keep(scope, [
    ...times(10, (place) => call(2 * MINUTE, { status: place < 3 ? "error" : "ok" })),
    ...times(20, (place) => call(5 * 60 * MINUTE, { status: place < 1 ? "error" : "ok" })),
    ...times(30, (place) => call(40 * DAY_MS, { status: place < 5 ? "error" : "ok" })),
    call(MINUTE, { endpoint: "other", status: "error" }),
    call(MINUTE, { environment: "probe", status: "error" }),
    call(MINUTE, { kind: "tool", status: "error" }),
  ]);
  const { status, sloId } = await slos.create(scope, input({ indicator: { kind: "availability" } }));
  expect(status).toMatchObject({ requests: 30, n: 30, bad: 4, allowedBad: expect.closeTo(3, 9) });
  expect(status.burns.map(({ n, bad }) => [n, bad])).toEqual([
    [10, 3],
    [30, 4],
    [30, 4],
    [30, 4],
  ]);
  const { items } = await slos.listDays(scope, sloId);
  expect(items).toHaveLength(90);
  expect(items.filter(({ n }) => n > 0).map(({ day, n, bad }) => [day, n, bad])).toEqual([
    ["2026-10-11", 30, 5],
    ["2026-11-20", 30, 4],
  ]);
});

test("latency, first token, guards and filters count what has the value", async () => {
  await traces.keep(scope, [
    call(MINUTE, { durationMs: 900, timeToFirstTokenMs: 300 }),
    call(MINUTE, { durationMs: 1_000, timeToFirstTokenMs: null, metadata: { tenant: "o'neil\\" } }),
    call(MINUTE, { durationMs: 1_001, timeToFirstTokenMs: 501, attributes: guard("block") }),
    call(MINUTE, { durationMs: 9_000, status: "error", attributes: guard("allow") }),
  ]);
  const read = async (more: Parameters<typeof input>[0]) => {
    const { status } = await slos.preview(scope, input(more));
    return [status.requests, status.n, status.bad];
  };
  expect(await read({ indicator: { kind: "latency", thresholdMs: 1_000 } })).toEqual([4, 3, 1]);
  expect(await read({ indicator: { kind: "timeToFirstToken", thresholdMs: 500 } })).toEqual([4, 2, 1]);
  expect(await read({ indicator: { kind: "guardBlocks" } })).toEqual([4, 2, 1]);
  const filter = 'metadata.tenant:"o\'neil\\\\"';
  expect(await read({ indicator: { kind: "latency", thresholdMs: 999 }, filter })).toEqual([1, 1, 1]);
  expect(await read({ indicator: { kind: "availability" }, endpoint: "", counts: "roots" })).toEqual([4, 4, 1]);
});

test("a score counts the judged calls: the call's own score, or its trace's", async () => {
  const spans = times(6, () => call(MINUTE));
  await traces.keep(scope, spans);
  await traces.columnar.insert("scores", [
    scoreOf(spans[0], 0.9),
    scoreOf(spans[1], 0.2),
    // The mean is 0.6.
    scoreOf(spans[2], 0.3),
    scoreOf(spans[2], 0.9),
    scoreOf(spans[3], 0.1, { span_id: "" }),
    scoreOf(spans[4], 0.1, { name: "other" }),
  ]);
  const { status } = await slos.create(scope, input({ indicator: HELPFUL }));
  expect(status).toMatchObject({ requests: 6, n: 4, bad: 2, good: 0.5 });
  expect((await slos.preview(await newScope(), input({ indicator: HELPFUL }))).status.n).toBe(0);
});

test("the judge's errors correct the requests that only scorers scored, also after the spans are gone", async () => {
  const spans = times(40, (place) => call(place < 20 ? 20 * DAY_MS : MINUTE));
  await traces.keep(scope, spans);
  const by = (place: number) => ({ source: place % 10 === 0 ? "annotation" : "scorer" });
  await traces.columnar.insert(
    "scores",
    spans.slice(0, 30).map((span, place) => scoreOf(span, place % 3 === 0 ? 0.2 : 0.9, by(place))),
  );
  const counts = { truePositives: 45, falseNegatives: 5, trueNegatives: 40, falsePositives: 10 };
  const basis = {
    kind: "live-agreement",
    sourceId: "rule_1",
    scorerId: null,
    version: null,
    measuredAt: "2026-11-01",
  } as const;
  judgeErrors = { counts, basis, warnings: [] };
  const slo = await slos.create(scope, input({ indicator: HELPFUL }));
  expect(slo.status).toMatchObject({ requests: 40, n: 30, bad: 10 });
  // 18 of 20 requests of the first day and 9 of 20 of the last one. 6 and 3 of them are bad.
  expect(slo.judge).toMatchObject({ judged: 27, judgedBad: 9, missingDays: 0, basis: { ...basis, pairs: 100 } });
  expect(slo.judge?.weighted?.good).toBeCloseTo(2 / 3, 9);
  // (2/3 + 0.8 − 1) / (0.9 + 0.8 − 1)
  expect(slo.judge?.corrected?.good).toBeCloseTo(2 / 3, 9);
  expect(asked.at(-1)).toEqual([
    scope.projectId,
    { score: "helpful", least: 0.5, from: new Date("2026-10-31T00:00:00.000Z") },
  ]);
  await traces.columnar.command(
    "ALTER TABLE spans DELETE WHERE project_id = {projectId:String} SETTINGS mutations_sync = 1",
    { projectId: scope.projectId },
  );
  judgeErrors = { reason: "The judge was not calibrated." };
  expect((await makeSlos().get(scope, slo.sloId)).judge).toMatchObject({
    judged: 18,
    corrected: null,
    reason: "The judge was not calibrated.",
  });
  expect((await slos.preview(scope, input({ indicator: { kind: "availability" } }))).judge).toBeNull();
});

test("final days outlast the spans, and newer days are counted again", async () => {
  await traces.keep(scope, [
    ...times(5, () => call(10 * DAY_MS, { status: "error" })),
    ...times(5, () => call(DAY_MS)),
  ]);
  const { sloId } = await slos.create(scope, input({ indicator: { kind: "availability" } }));
  const where = "project_id = {projectId:String}";
  await traces.columnar.command(`ALTER TABLE spans DELETE WHERE ${where} SETTINGS mutations_sync = 1`, {
    projectId: scope.projectId,
  });
  await traces.keep(scope, [call(DAY_MS, { status: "error" })]);
  const { status } = await makeSlos().get(scope, sloId);
  expect(status).toMatchObject({ n: 6, bad: 6 });

  const latency = { kind: "latency", thresholdMs: 1 } as const;
  expect((await slos.update(scope, sloId, { indicator: latency })).status).toMatchObject({ requests: 1, n: 0 });
});

test("days become final a day after another", async () => {
  await traces.keep(scope, [call(0, { status: "error" })]);
  const { sloId } = await slos.create(scope, input({ indicator: { kind: "availability" } }));
  for (let days = 1; days <= 12; days++) {
    time = NOW + days * DAY_MS;
    await makeSlos().storeDays(scope, new AbortController().signal);
  }
  const { items } = await makeSlos().listDays(scope, sloId);
  expect(items.filter(({ n }) => n > 0).map(({ day, bad }) => [day, bad])).toEqual([["2026-11-20", 1]]);
  const { rows } = await postgres.db.execute(sql`SELECT days_through FROM slos WHERE id = ${sloId}`);
  expect(rows).toEqual([{ days_through: "2026-11-30" }]);
});

test("an SLO creates, changes and deletes its monitor", async () => {
  const slo = await slos.create(scope, input({ indicator: { kind: "availability" }, filter: "model:a OR model:b" }));
  expect(slo.monitorId).toBe("mon_1");
  expect(monitors.get("mon_1")).toMatchObject({
    name: "SLO: Support",
    source: {
      kind: "measure",
      measure: "errorRate",
      filter: "kind:generation,embedding -environment:probe endpoint:support (model:a OR model:b)",
    },
    condition: { kind: "burn", objective: 0.9, windows: [{ burnRate: 5 }, {}, {}, {}] },
    labels: { slo: "Support" },
  });
  await slos.update(scope, slo.sloId, { objective: 0.99 });
  expect(monitors.get("mon_1")?.condition).toMatchObject({
    objective: 0.99,
    windows: [{ burnRate: 13.44 }, {}, {}, {}],
  });
  monitors.clear();
  expect((await slos.update(scope, slo.sloId, { objective: 0.98 })).monitorId).toBe("mon_1");
  const alerts = { isEnabled: false, labels: {}, runbookUrl: null };
  expect((await slos.update(scope, slo.sloId, { alerts })).monitorId).toBeNull();
  expect(monitors.size).toBe(0);
  await slos.update(scope, slo.sloId, { alerts: { ...alerts, isEnabled: true } });
  await slos.delete(scope, slo.sloId);
  expect(monitors.size).toBe(0);
  await expect(slos.get(scope, slo.sloId)).rejects.toMatchObject({ code: "not_found" });
});

test("the statement of a monitor counts the same as the SLO, through the SQL console", async () => {
  const tenant = "o'neil\\";
  await traces.keep(scope, [
    ...times(4, (place) => call(MINUTE, { durationMs: 500 * (place + 1), metadata: { tenant } })),
    call(MINUTE, { durationMs: 9_000 }),
  ]);
  const console_ = createExploreServices({ columnar: traces.columnar, clock, log: silent, traces: traces.traces });
  const runOf = async (monitorId: string | null) => {
    const source = monitors.get(monitorId ?? "")?.source;
    if (source?.kind !== "sql") throw new Error("the monitor has no statement");
    const at = (ms: number) => `toDateTime64('${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}', 6, 'UTC')`;
    const statement = source.sql
      .replaceAll("{from:DateTime64(6)}", at(NOW - 10 * MINUTE))
      .replaceAll("{to:DateTime64(6)}", at(NOW));
    const withoutContent = { ...scope, permissions: new Set([]) };
    return (await console_.runSql(withoutContent, { sql: statement, limit: 10 }, new AbortController().signal)).rows;
  };
  const filter = 'metadata.tenant:"o\'neil\\\\" tag!=x latency<1m';
  const slo = await slos.create(scope, input({ indicator: { kind: "latency", thresholdMs: 1_200 }, filter }));
  expect(slo.status).toMatchObject({ n: 4, bad: 2 });
  expect(await runOf(slo.monitorId)).toEqual([[0.5, 4]]);

  const score = { kind: "score", score: "it's", least: 0.5 } as const;
  const judged = await slos.create(scope, input({ name: "Judged", indicator: score }));
  expect(await runOf(judged.monitorId)).toEqual([[null, 0]]);
});

test("a filter that a monitor cannot read is refused, unless alerts are off", async () => {
  const latency = { kind: "latency", thresholdMs: 1_200 } as const;
  for (const filter of ["refund", "has:input", "score.helpful>0.5", "attr.x:1"]) {
    await expect(slos.create(scope, input({ indicator: latency, filter }))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("turn the alerts off"),
    });
  }
  const alerts = { isEnabled: false, labels: {}, runbookUrl: null };
  await slos.create(scope, input({ indicator: latency, filter: "refund", alerts }));
});

test("bad input is refused with the field", async () => {
  const valid = { name: "A", indicator: { kind: "availability" }, objective: 0.99 };
  const refused = (more: object) => SloInput.safeParse({ ...valid, ...more }).error?.issues[0]?.path.join(".");
  expect(refused({})).toBeUndefined();
  expect(refused({ objective: 1 })).toBe("objective");
  expect(refused({ objective: 99 })).toBe("objective");
  expect(refused({ windowDays: 14 })).toBe("windowDays");
  expect(refused({ filter: "latency>>" })).toBe("filter");
  expect(refused({ indicator: { kind: "latency" } })).toBe("indicator.thresholdMs");
  await slos.create(scope, input({ indicator: { kind: "availability" } }));
  await expect(
    slos.create(scope, input({ name: "SUPPORT", indicator: { kind: "guardBlocks" } })),
  ).rejects.toMatchObject({
    code: "conflict",
  });
});

test("another project neither lists nor finds an SLO", async () => {
  const { sloId } = await slos.create(scope, input({ indicator: { kind: "availability" } }));
  const other = await newScope();
  expect((await slos.list(other, { limit: 10 })).items).toEqual([]);
  expect((await slos.list(scope, { limit: 10, q: "supp" })).items).toHaveLength(1);
  const acts = [
    () => slos.get(other, sloId),
    () => slos.update(other, sloId, {}),
    () => slos.listDays(other, sloId),
    () => slos.delete(other, sloId),
  ];
  for (const act of acts) await expect(act()).rejects.toMatchObject({ code: "not_found" });
});
