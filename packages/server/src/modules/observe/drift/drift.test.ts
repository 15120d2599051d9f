import { DriftWatchInput, type Span } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../platform/jobs/open.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import type { Notice } from "../../system/notifications/index.ts";
import { toContentRow } from "../traces/rows/content-rows.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { openTestTraces } from "../traces/testing/open-test-traces.ts";
import { createDriftWork } from "./index.ts";
import { createDrift } from "./service.ts";
import type { DriftDeps } from "./stores/deps.ts";
import { hashedVector, topicText } from "./testing/topic-texts.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const TODAY = Date.parse("2026-11-20T12:00:00.000Z");
const clock = { now: () => time, elapsed: () => performance.now() };
const random = createRandom(21);
let time = TODAY;
let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let jobs: JobsAdapter;
let scope: Scope;
let drift: ReturnType<typeof createDrift>;
let notices: Notice[] = [];
let embedded = 0;

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(TODAY)]);
}, 300_000);
afterAll(async () => {
  await jobs?.close();
  await Promise.all([postgres?.close(), traces?.close()]);
});
beforeEach(async () => {
  [time, notices, embedded] = [TODAY, [], 0];
  const { db } = postgres;
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  const permissions = new Set(["traces:read", "traces:content", "datasets:read"] as const);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions };
  await jobs?.close();
  jobs = openJobs({ db, log: silent, isAlone: true, timing: { pollMs: 20 } });
  drift = createDrift(depsOf(db));
});

/** The thread's work is done here, with languages by a marker and clusters around the first texts. */
function depsOf(db: DriftDeps["db"]): DriftDeps {
  const work = createDriftWork({
    languageOf: async (text) => (text.includes("bitte") || text.includes("karte") ? "de" : "en"),
    findCentres: (rows, count) => rows.slice(0, count),
  });
  return {
    db,
    columnar: traces.columnar,
    jobs,
    // The name and the order belong together.
    thread: { ask: async (name, order) => work[name](order as never) as never },
    embed: async (texts) => {
      embedded += texts.length;
      return texts.map((text) => hashedVector(text));
    },
    readDatasetTexts: async (_scope, { datasetId, limit }) => {
      if (datasetId !== "ds_1") throw notFound("dataset", datasetId);
      return Array.from({ length: Math.min(limit, 150) }, (_, at) => ({
        id: `${at}`,
        text: topicText("cards", random),
      }));
    },
    announce: async (_tx, _scope, notice) => void notices.push(notice),
    namesOf: async (_projectId, ids) => new Map(ids.filter((id) => id === "user_2").map((id) => [id, "Ada"])),
    audit: createAudit({ db, clock }),
    clock,
    log: silent,
  };
}

const input = (more: object = {}) => DriftWatchInput.parse({ name: "Support", endpoint: "support", ...more });
const dayAt = (daysAgo: number) => new Date(TODAY - daysAgo * DAY_MS).toISOString().slice(0, 10);
const call = (content: string, daysAgo: number, more: Partial<Span> = {}): Span =>
  makeSpan({
    startTime: new Date(TODAY - daysAgo * DAY_MS + random.below(3_600_000)).toISOString(),
    endpoint: "support",
    userId: `user-${random.below(30)}`,
    input: [{ role: "user", parts: [{ type: "text", content }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "Done." }] }],
    ...more,
  });
const usual = (count: number, daysAgo: number) =>
  Array.from({ length: count }, () => call(topicText("cards", random), daysAgo));
const planted = (count: number, daysAgo: number) =>
  Array.from({ length: count }, () =>
    call(topicText("german", random), daysAgo, { userId: `acme-${random.below(9)}`, metadata: { tenant: "acme" } }),
  );
/** The usual traffic of the reference and of the days after it. */
const keepUsual = () =>
  traces.keep(
    scope,
    [9, 8, 7, 6, 5, 4, 3].flatMap((days) => usual(30, days)),
  );
const finish = (id: string, day: string) =>
  vi.waitFor(
    async () => {
      const run = await drift.getReport(scope, id, day);
      expect(run.state).toBe("done");
      return run;
    },
    { timeout: 180_000, interval: 50 },
  );
async function runDay(id: string, daysAgo: number) {
  await drift.run(scope, id, dayAt(daysAgo));
  return finish(id, dayAt(daysAgo));
}

test("a new customer is confirmed on the second day, opens one investigation and can become the reference", async () => {
  jobs.start();
  await keepUsual();
  for (const days of [2, 1]) await traces.keep(scope, [...usual(100, days), ...planted(30, days)]);
  const from = `${dayAt(9)}T00:00:00.000Z`;
  const source = { kind: "range" as const, from, to: `${dayAt(2)}T00:00:00.000Z` };
  const { driftWatchId: id } = await drift.create(scope, input({ reference: source }));
  await finish(id, dayAt(1));
  const first = await runDay(id, 2);
  expect(first.verdict).toBe("changed");
  expect(notices).toEqual([]);
  const second = await runDay(id, 1);
  expect(second).toMatchObject({ verdict: "confirmed", currentTexts: 130, referenceTexts: 210 });
  expect(second.signals.find(({ signal }) => signal === "language:de")).toMatchObject({ isConfirmed: true });
  expect(second.explanations[0]).toMatchObject({ dimension: "tenant", value: "acme", referenceShare: 0 });
  expect(second.words.filter(({ z }) => z > 0).map(({ word }) => word)).toEqual(expect.arrayContaining(["rechnung"]));
  expect(second.currentExamples[0]?.text).toMatch(/karte|konto|rechnung|bitte|kunde/);
  expect(second.referenceExamples[0]?.text).not.toBe("");
  expect(notices).toMatchObject([{ event: "info", severity: "info", subject: { kind: "drift" } }]);
  expect(JSON.stringify(notices)).not.toContain("rechnung");

  const { items } = await drift.listInvestigations(scope, { limit: 10 });
  expect(items).toMatchObject([{ state: "open", firstDay: dayAt(2), lastDay: dayAt(1) }]);
  const [investigation] = items;
  const range = { from: new Date(TODAY - 3 * DAY_MS), to: new Date(TODAY) };
  expect(await drift.recentDrift(scope, { endpoint: "support", ...range })).toMatchObject([
    { day: dayAt(1), verdict: "confirmed" },
    { day: dayAt(2), verdict: "changed" },
  ]);
  expect(await drift.recentDrift(scope, { endpoint: "other", ...range })).toEqual([]);

  const investigationId = investigation?.investigationId ?? "";
  await expect(drift.updateInvestigation(scope, investigationId, { owner: "user_9" })).rejects.toThrow("no member");
  const explained = { state: "explained", note: "Acme has started.", owner: "user_2" } as const;
  expect(await drift.updateInvestigation(scope, investigationId, explained)).toMatchObject(explained);
  const accepted = await drift.updateInvestigation(scope, investigationId, { state: "accepted" });
  expect(accepted.closedAt).not.toBeNull();
  await expect(drift.updateInvestigation(scope, investigationId, { state: "open" })).rejects.toThrow("was accepted");
  const third = await runDay(id, 1);
  expect(third).toMatchObject({ referenceVersion: 2, verdict: "stable", referenceTexts: 260 });
  expect((await drift.listReferences(scope, id, { limit: 10 })).items.map(({ version }) => version)).toEqual([2, 1]);
}, 600_000);

test("the daily job compares yesterday once, and no text is embedded twice", async () => {
  jobs.start();
  await keepUsual();
  await traces.keep(scope, [...usual(120, 2), ...usual(120, 1)]);
  const source = { kind: "range", from: `${dayAt(9)}T00:00:00.000Z`, to: `${dayAt(2)}T00:00:00.000Z` };
  const { driftWatchId: id } = await drift.create(scope, input({ reference: source }));
  expect((await finish(id, dayAt(1))).embeddedTexts).toBe(210 + 120 + 300);
  embedded = 0;
  await drift.runDue(scope);
  expect((await drift.listRuns(scope, id, { limit: 10 })).items).toHaveLength(1);
  expect((await runDay(id, 1)).embeddedTexts).toBe(0);
  expect(embedded).toBe(0);
  time = TODAY + DAY_MS;
  await drift.runDue(scope);
  expect((await drift.listRuns(scope, id, { limit: 10 })).items.map(({ day }) => day)).toEqual([dayAt(0), dayAt(1)]);
  expect(await finish(id, dayAt(0))).toMatchObject({
    verdict: "not-enough-data",
    summary: [`${dayAt(0)} has 0 texts, and a comparison needs at least 100.`],
  });
  await traces.keep(scope, usual(110, 0));
  expect((await runDay(id, 0)).embeddedTexts).toBe(110);
}, 600_000);

test("one user has at most a tenth of a sample, probes are left out, and deleted traces have no example texts", async () => {
  jobs.start();
  await keepUsual();
  const heavy = Array.from({ length: 300 }, () => call(topicText("travel", random), 1, { userId: "bot" }));
  const probes = Array.from({ length: 60 }, () => call("Say the word.", 1, { environment: "probe" }));
  await traces.keep(scope, [...usual(120, 1), ...heavy, ...probes]);
  const { driftWatchId: id } = await drift.create(scope, input({ reference: { kind: "dataset", datasetId: "ds_1" } }));
  const run = await finish(id, dayAt(1));
  expect(run).toMatchObject({ matching: 420, currentTexts: 170, referenceTexts: 150 });
  expect(run.referenceExamples[0]?.text).not.toBe("");
  const [example] = run.currentExamples;
  await traces.columnar.command("ALTER TABLE spans DELETE WHERE project_id = {id:String} SETTINGS mutations_sync = 2", {
    id: scope.projectId,
  });
  const after = await drift.getReport(scope, id, dayAt(1));
  expect(example?.text).not.toBe("");
  expect(after.currentExamples[0]?.text).toBe("");
}, 600_000);

test("messages that arrive as log records are compared", async () => {
  jobs.start();
  await keepUsual();
  const bare = Array.from({ length: 110 }, () => call("", 1, { input: null, output: null }));
  await traces.keep(scope, bare);
  await traces.columnar.insert(
    "span_contents",
    bare.map(({ traceId, spanId, startTime: time }) => {
      const body = { content: topicText("travel", random) };
      const content = { name: "gen_ai.user.message", time, body, attributes: {} };
      return toContentRow(scope.projectId, { traceId, spanId, ...content });
    }),
  );
  const { driftWatchId: id } = await drift.create(scope, input({ reference: { kind: "dataset", datasetId: "ds_1" } }));
  const run = await finish(id, dayAt(1));
  expect(run).toMatchObject({ matching: 110, currentTexts: 110, verdict: "changed" });
  expect(run.currentExamples[0]?.text).toMatch(/flight|hotel|passport|boarding|luggage|ticket|airport/);
}, 600_000);

test("wrong references, days and ids are rejected with what to do", async () => {
  const range = (from: string, to: string) => input({ reference: { kind: "range", from, to } });
  const day = (days: number) => `${dayAt(days)}T00:00:00.000Z`;
  await expect(drift.create(scope, range(day(1), day(2)))).rejects.toThrow("`to` must be after `from`");
  await expect(drift.create(scope, range(day(200), day(2)))).rejects.toThrow("longer than 92 days");
  await expect(drift.create(scope, range(day(-2), day(-3)))).rejects.toThrow("starts in the future");
  const unknown = input({ reference: { kind: "dataset", datasetId: "ds_9" } });
  await expect(drift.create(scope, unknown)).rejects.toThrow('no dataset "ds_9"');
  const poor = { ...scope, permissions: new Set(["monitors:write"] as const) };
  await expect(drift.create(poor, input())).rejects.toThrow("`traces:read`");
  const { driftWatchId: id } = await drift.create(scope, input());
  await expect(drift.run(scope, id, dayAt(-1))).rejects.toThrow("in the future");
  await expect(drift.getReport(scope, id, dayAt(5))).rejects.toMatchObject({ code: "not_found" });
  const other = { ...scope, projectId: newId("proj") };
  await expect(drift.get(other, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(drift.updateInvestigation(scope, "dinv_1", {})).rejects.toMatchObject({ code: "not_found" });
  expect(DriftWatchInput.safeParse({ name: "x", filter: "model:(" }).success).toBe(false);
  expect(DriftWatchInput.safeParse({ name: "x", sampleSize: 99 }).success).toBe(false);
  await drift.delete(scope, id);
  await expect(drift.get(scope, id)).rejects.toMatchObject({ code: "not_found" });
  await vi.waitFor(async () => {
    const { items } = await jobs.list(scope, { kind: "drift-run", limit: 10 });
    expect(items.map(({ status }) => status)).toEqual(["cancelled"]);
  }, 30_000);
});
