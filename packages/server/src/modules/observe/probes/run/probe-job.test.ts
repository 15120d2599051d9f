import { setTimeout as delay } from "node:timers/promises";
import { ProbeInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { systemClock as clock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createProbes } from "../service.ts";
import { createScriptedModel } from "../testing/scripted-model.ts";
import { createSurroundings } from "../testing/surroundings.ts";
import { queueProbe } from "./probe-job.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const TIMING = { pollMs: 20, beatMs: 20, firstWaitMs: 20, longestWaitMs: 40 };
/** The calls that one job makes at the same time. */
const CONCURRENCY = 4;
/** Longer than a job takes to begin. */
const CALL_MS = 400;

let postgres: PostgresStore;
let scope: Scope;
let jobs: JobsAdapter;
let probes: ReturnType<typeof createProbes>;
const calls = { made: 0, running: 0, most: 0 };

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  const { db } = postgres;
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set(["monitors:write", "gateway:use"]) };
  Object.assign(calls, { made: 0, running: 0, most: 0 });
  const model = createScriptedModel(7);
  /** A provider that notices the end of a job only after its answer. */
  const ask: typeof model.ask = async (...call) => {
    calls.most = Math.max(calls.most, ++calls.running);
    await delay(CALL_MS);
    calls.running--;
    calls.made++;
    return model.ask(...call);
  };
  jobs = openJobs({ db, log: silent, isAlone: true, timing: TIMING });
  probes = createProbes({ ...createSurroundings({ db, clock, ask }).deps, jobs });
  jobs.start();
});
afterEach(() => jobs.close());

const create = (more: object = {}) =>
  probes.create(scope, ProbeInput.parse({ name: "Support", model: "openai/small", ...more }));
const activeJobs = async (probeId: string) =>
  (await jobs.list(scope, { subject: probeId, status: "active", limit: 10 })).items.map(({ jobId }) => jobId);
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

test("a probe that is run again while it runs has one job at a time", async () => {
  const { probeId } = await create();
  for (const more of [1, 2]) {
    await until(async () => expect(calls.made).toBeGreaterThan(more * CONCURRENCY));
    await Promise.all([probes.runNow(scope, probeId), probes.runNow(scope, probeId)]);
  }
  const { made } = calls;
  await until(async () => expect(calls.made).toBeGreaterThan(made + CONCURRENCY));
  expect(calls.most).toBe(CONCURRENCY);
  expect(await activeJobs(probeId)).toEqual([(await probes.get(scope, probeId)).jobId]);
  await probes.delete(scope, probeId);
  await until(async () => expect(await activeJobs(probeId)).toEqual([]));
}, 60_000);

test("jobs that a crash left behind end by themselves", async () => {
  const { probeId, jobId } = await create({ isEnabled: false });
  const { projectId } = scope;
  const queue = (of: string) =>
    postgres.db.transaction((tx) => queueProbe({ jobs }, tx, { projectId, probeId: of, name: "Support" }));
  const left = [await queue(probeId), await queue("prb_deleted")];
  await until(async () => {
    const ended = await Promise.all(left.map(async (id) => (await jobs.get(scope, id)).status));
    expect(ended).toEqual(["cancelled", "cancelled"]);
  });
  expect(await activeJobs(probeId)).toEqual([jobId]);
}, 60_000);
