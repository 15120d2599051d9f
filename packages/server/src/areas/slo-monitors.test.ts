import { type SloIndicator, SloInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../kernel/ids.ts";
import type { Scope } from "../kernel/scope.ts";
import { createExploreServices } from "../modules/observe/explore/index.ts";
import type { IncidentOpening } from "../modules/observe/incidents/index.ts";
import { createMonitors } from "../modules/observe/monitors/service.ts";
import { createSlos } from "../modules/observe/slos/service.ts";
import { scoresOf, whereSpans } from "../modules/observe/traces/index.ts";
import { makeSpan } from "../modules/observe/traces/testing/make-span.ts";
import { openTestTraces } from "../modules/observe/traces/testing/open-test-traces.ts";
import { createAudit } from "../modules/system/audit/index.ts";
import type { PostgresStore } from "../platform/postgres/port.ts";
import { openTestPostgres } from "../platform/postgres/testing/open-test-postgres.ts";
import { monitorsOfSlos } from "./slo-monitors.ts";

vi.setConfig({ testTimeout: 240_000 });
const NOW = Date.parse("2026-11-20T12:00:30.000Z");
const MINUTE = 60_000;
const ROUNDS = 5;
const SIGNAL = new AbortController().signal;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const EMPTY_SPOOL = { state: "ok", message: "", pendingRows: 0, oldestPendingSeconds: null } as never;

let time = NOW;
let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let scope: Scope;
let opened: IncidentOpening[];
let monitors: ReturnType<typeof createMonitors>;
let slos: ReturnType<typeof createSlos>;

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(NOW)]);
});
afterAll(() => Promise.all([postgres?.close(), traces?.close()]));
beforeEach(async () => {
  [time, opened] = [NOW, []];
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  const clock = { now: () => time, elapsed: () => performance.now() };
  const shared = {
    db: postgres.db,
    columnar: traces.columnar,
    jobs: { register() {}, send: async () => "job_1" },
    audit: createAudit({ db: postgres.db, clock }),
    clock,
    log: silent,
  };
  monitors = createMonitors({
    ...shared,
    spool: { status: () => EMPTY_SPOOL },
    incidents: {
      open: async (_tx, _scope, opening) => `inc_${opened.push(opening)}`,
      recover: async () => undefined,
    },
    announce: async () => undefined,
    runSql: createExploreServices({ columnar: traces.columnar, clock, log: silent, traces: traces.traces }).runSql,
  });
  const judgeErrorsOf = async () => ({ reason: "The judge was not calibrated." });
  slos = createSlos({ ...shared, monitors: monitorsOfSlos(monitors), whereSpans, scoresOf, judgeErrorsOf });
});

const INDICATORS: readonly SloIndicator[] = [
  { kind: "availability" },
  { kind: "latency", thresholdMs: 1_000 },
  { kind: "timeToFirstToken", thresholdMs: 500 },
  { kind: "score", score: "helpful", least: 0.5 },
  { kind: "guardBlocks" },
];
const guard = (action: string) => ({
  "treadle.guard.policy": "gpol_1",
  "treadle.guard.version": 1,
  "treadle.guard.action": action,
});
type Call = { readonly kind: SloIndicator["kind"]; readonly isBad: boolean; readonly environment?: string };

/** A call that is good or bad for the indicator that its endpoint is named after. */
const callOf = (place: number, { kind, isBad, environment = "production" }: Call) =>
  makeSpan({
    endpoint: kind,
    environment,
    startTime: new Date(NOW - 30_000 - (place % 4) * MINUTE).toISOString(),
    status: kind === "availability" && isBad ? "error" : "ok",
    durationMs: kind === "latency" && isBad ? 5_000 : 700,
    timeToFirstTokenMs: kind === "timeToFirstToken" && isBad ? 600 : 200,
    attributes: guard(kind === "guardBlocks" && isBad ? "block" : "allow"),
  });

/** Fifty calls of each endpoint, each with a score, of which so many are bad. */
async function send(bad: number, environment = "production") {
  for (const { kind } of INDICATORS) {
    const spans = Array.from({ length: 50 }, (_, place) => callOf(place, { kind, isBad: place < bad, environment }));
    await traces.keep(scope, spans);
    const scores = spans.map(({ traceId, spanId, startTime }, place) => ({
      project_id: scope.projectId,
      time: startTime.replace("T", " ").replace("Z", ""),
      trace_id: traceId,
      span_id: spanId,
      name: "helpful",
      value: kind === "score" && place < bad ? 0.1 : 0.9,
      label: "",
      comment: "",
      source: "scorer",
    }));
    await traces.columnar.insert("scores", scores);
  }
}
const create = (indicator: SloIndicator, more: Partial<SloInput> = {}) =>
  slos.create(
    scope,
    SloInput.parse({ name: indicator.kind, endpoint: indicator.kind, objective: 0.9, indicator, ...more }),
  );
/** A round runs statements for 20 seconds. On a busy machine, later rounds evaluate the rest of the same window. */
async function evaluate() {
  time += 2 * MINUTE;
  for (let round = 0; round < ROUNDS; round++) await monitors.evaluateDue(scope.projectId, SIGNAL);
}
const statesOf = async () =>
  (await monitors.list(scope, { limit: 50 })).items
    .map(({ name, state, lastError }) => [name, state, lastError])
    .toSorted(([one = ""], [other = ""]) => one.localeCompare(other));

test("the monitor of each indicator reads its windows and fires when the budget burns", async () => {
  await send(40);
  for (const indicator of INDICATORS) expect((await create(indicator)).monitorId).not.toBeNull();
  await evaluate();
  expect(await statesOf()).toEqual(
    INDICATORS.map(({ kind }) => [`SLO: ${kind}`, "firing", ""]).toSorted(([one = ""], [other = ""]) =>
      one.localeCompare(other),
    ),
  );
  expect(opened.map(({ severity }) => severity)).toEqual(INDICATORS.map(() => "critical"));
  const [score] = (await monitors.list(scope, { limit: 50, q: "SLO: score" })).items;
  const [series] = (await monitors.listSeries(scope, score?.monitorId ?? "", { limit: 10 })).items;
  expect(series?.last).toMatchObject({ n: 50, value: expect.closeTo(8, 6) });
});

test("calls of probes do not count, and an objective that is met stays calm", async () => {
  await send(1);
  await send(50, "probe");
  for (const indicator of INDICATORS) await create(indicator);
  await evaluate();
  expect((await statesOf()).map(([, state, error]) => [state, error])).toEqual(INDICATORS.map(() => ["ok", ""]));
});

test("no requests are missing data, not an error", async () => {
  await create({ kind: "availability" });
  await create({ kind: "latency", thresholdMs: 1_000 });
  await evaluate();
  const states = (await statesOf()).map(([, state, error]) => [state, error]);
  expect(states).toEqual([
    ["no-data", ""],
    ["no-data", ""],
  ]);
});

test("a changed indicator changes the monitor's source, and a deleted SLO takes its monitor away", async () => {
  const slo = await create({ kind: "availability" });
  const latency = { kind: "latency", thresholdMs: 1_000 } as const;
  const changed = await slos.update(scope, slo.sloId, { indicator: latency, endpoint: "latency" });
  expect(changed.monitorId).toBe(slo.monitorId);
  expect((await monitors.get(scope, slo.monitorId ?? "")).source.kind).toBe("sql");
  await send(40);
  await evaluate();
  expect(await statesOf()).toEqual([["SLO: availability", "firing", ""]]);
  await monitors.delete(scope, slo.monitorId ?? "");
  const again = await slos.update(scope, slo.sloId, { objective: 0.95 });
  expect(again.monitorId).not.toBe(slo.monitorId);
  await slos.delete(scope, slo.sloId);
  expect(await statesOf()).toEqual([]);
});
