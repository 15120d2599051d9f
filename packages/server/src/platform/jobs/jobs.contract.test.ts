import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import { openPostgres } from "../postgres/open.ts";
import type { PostgresStore } from "../postgres/port.ts";
import { startPostgresServer } from "../postgres/testing/start-postgres-server.ts";
import { type JobsAdapter, openJobs } from "./open.ts";
import type { JobHandler, JobKind, JobOrder, JobRun } from "./port.ts";

const server = await startPostgresServer();
const folder = await mkdtemp(join(tmpdir(), "treadle-jobs-"));
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Adapter = { name: string; open(): Promise<PostgresStore> };
const adapters: Adapter[] = [{ name: "PGlite", open: () => openPostgres({ folder: null }) }];
if (server) {
  const url = await server.createDatabase();
  adapters.push({ name: "PostgreSQL", open: () => openPostgres({ url, folder: null }) });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const FAST = { pollMs: 100, beatMs: 40, leaseMs: 400, progressMs: 30, firstWaitMs: 20, graceMs: 60 };

const Count = z.object({ to: z.number() });
const Counted = z.object({ at: z.number() });
const counting: JobKind<{ to: number }, { at: number }> = { name: "count", payload: Count, state: Counted };
type CountRun = JobRun<{ to: number }, { at: number }>;

describe.each(adapters)("$name", ({ open }) => {
  let store: PostgresStore;
  let scope: Scope;
  let opened: JobsAdapter[] = [];
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    scope = await makeProject();
  });
  afterEach(async () => {
    await Promise.all(opened.map((jobs) => jobs.close()));
    opened = [];
    await store.db.execute(sql`DELETE FROM projects`);
  });

  async function makeProject(): Promise<Scope> {
    const projectId = newId("proj");
    await store.db.execute(sql`INSERT INTO projects VALUES (${projectId}, 'Project', false, now())`);
    return { projectId, actor: "user_a", userId: "user_a", permissions: new Set() };
  }
  /** A process of its own, as far as the database can tell. */
  function process(handler: JobHandler<{ to: number }, { at: number }>, { isAlone = false, timing = {} } = {}) {
    const jobs = openJobs({ db: store.db, log: silent, isAlone, timing: { ...FAST, ...timing } });
    jobs.register(counting, handler);
    jobs.start();
    opened.push(jobs);
    return jobs;
  }
  const send = (jobs: JobsAdapter, to = 1, more: Partial<JobOrder<{ to: number }>> = {}) =>
    store.db.transaction((tx) => jobs.send(tx, scope, { kind: counting, payload: { to }, title: "Count", ...more }));
  const until = (jobs: JobsAdapter, jobId: string, status: Job["status"]) =>
    expect.poll(async () => (await jobs.get(scope, jobId)).status, { timeout: 10_000, interval: 10 }).toBe(status);
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

  test("a job is run once its transaction is committed, and tells how far it is and what it gave", async () => {
    const seen: CountRun[] = [];
    const jobs = process({
      async run(run) {
        seen.push(run);
        run.report({ done: 3, total: 7, unit: "rows", message: "counting" });
        return { sum: run.payload.to, text: "a\0b" };
      },
    });
    const failed = store.db.transaction(async (tx) => {
      await jobs.send(tx, scope, { kind: counting, payload: { to: 1 }, title: "Never" });
      throw new Error("stop");
    });
    await expect(failed).rejects.toThrow("stop");
    const jobId = await send(jobs, 7, { title: "Count a\0 file", subject: "ds_1" });
    await until(jobs, jobId, "done");
    await delay(150);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ jobId, state: null, payload: { to: 7 } });
    expect(seen[0]?.scope).toMatchObject({ projectId: scope.projectId, actor: "user_a", userId: "user_a" });
    expect(await jobs.get(scope, jobId)).toMatchObject({
      kind: "count",
      title: "Count a file",
      subject: "ds_1",
      progress: { done: 3, total: 7, unit: "rows", message: "counting" },
      result: { sum: 7, text: "a\0b" },
      error: null,
      failures: 0,
      createdBy: "user_a",
    });
  });

  test("several processes run each job once, and none more at once than it may", async () => {
    const ran: number[] = [];
    const most = [0, 0, 0];
    const busy = [0, 0, 0];
    const processes = [0, 1, 2].map((place) =>
      process({
        concurrency: 2,
        async run({ payload }) {
          busy[place] = (busy[place] ?? 0) + 1;
          most[place] = Math.max(most[place] ?? 0, busy[place] ?? 0);
          await delay(5);
          ran.push(payload.to);
          busy[place] = (busy[place] ?? 0) - 1;
        },
      }),
    );
    const [jobs] = processes;
    if (!jobs) throw new Error("no process");
    const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => send(jobs, index)));
    for (const id of ids) await until(jobs, id, "done");
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(most).toEqual([2, 2, 2]);
  });

  test("what is said often is written now and then, and the last of it stands at the end", async () => {
    const jobs = process({
      async run({ report, payload }) {
        for (let done = 0; done <= payload.to; done++) report({ done, total: payload.to });
        await delay(100);
        for (let done = 0; done <= payload.to; done++) report({ done, message: "nearly" });
      },
    });
    const jobId = await send(jobs, 10_000);
    await until(jobs, jobId, "done");
    expect((await jobs.get(scope, jobId)).progress).toMatchObject({ done: 10_000, total: 10_000, message: "nearly" });
    const { rows } = await store.db.execute<{ revision: number }>(sql`SELECT revision FROM jobs WHERE id = ${jobId}`);
    expect(rows[0]?.revision).toBeLessThan(12);
  });

  test("a server that stops gives its jobs back, and the next one goes on where they were", async () => {
    const first = process({
      async run({ save, signal }) {
        await save({ at: 5 });
        return hang(signal);
      },
    });
    const jobId = await send(first);
    await expect.poll(async () => (await first.get(scope, jobId)).startedAt).not.toBeNull();
    await delay(50);
    await first.close();
    expect(await first.get(scope, jobId)).toMatchObject({ status: "queued", failures: 0 });
    const second = process({ run: async ({ state }) => state });
    await until(second, jobId, "done");
    expect((await second.get(scope, jobId)).result).toEqual({ at: 5 });
  });

  test("a job of a process that is not heard of any more is taken over; what the old one still writes counts for nothing", async () => {
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const said: unknown[] = [];
    const first = process({
      async run({ save }) {
        await save({ at: 1 });
        await resumed;
        const late = store.db.transaction(async (tx) => {
          await tx.execute(sql`UPDATE projects SET name = 'late' WHERE id = ${scope.projectId}`);
          await save({ at: 99 }, tx);
        });
        said.push(await late.catch((error: unknown) => error));
        return { from: "the first" };
      },
    });
    const jobId = await send(first);
    await until(first, jobId, "running");
    await first.close();
    const second = process({ run: async ({ state }) => ({ from: "the second", state }) });
    await until(second, jobId, "done");
    resume();
    await expect.poll(() => said).toEqual([expect.objectContaining({ code: "conflict" })]);
    await delay(50);
    expect(await second.get(scope, jobId)).toMatchObject({
      result: { from: "the second", state: { at: 1 } },
      failures: 0,
    });
    const { rows } = await store.db.execute<{ name: string }>(sql`SELECT name FROM projects`);
    expect(rows).toEqual([{ name: "Project" }]);
  });

  test("a process that has the database to itself takes up at once what ran before it", async () => {
    const timing = { leaseMs: 600_000 };
    const first = process({ run: () => new Promise(() => {}) }, { timing });
    const jobId = await send(first);
    await until(first, jobId, "running");
    await first.close();
    const patient = process({ run: async () => "patient" }, { timing });
    await delay(300);
    expect((await patient.get(scope, jobId)).status).toBe("running");
    await patient.close();
    await until(process({ run: async () => ({}) }, { isAlone: true, timing }), jobId, "done");
  });

  test("a job that takes its process with it again and again is given up, unless it gets further", async () => {
    const first = process({ run: () => new Promise(() => {}) });
    const jobId = await send(first);
    await until(first, jobId, "running");
    await first.close();
    await store.db.execute(sql`UPDATE jobs SET interruptions = 10 WHERE id = ${jobId}`);
    const second = process({ run: async () => ({}) });
    await until(second, jobId, "failed");
    expect((await second.get(scope, jobId)).error?.message).toMatch(/went away 10 times while "Count" ran/);
  });

  test("a queued job is cancelled at once; a running one is told at once, also by another process", async () => {
    const signals: unknown[] = [];
    const handler = {
      async run({ signal, save }: CountRun) {
        await save({ at: 3 });
        try {
          return await hang(signal);
        } finally {
          signals.push(signal.reason);
        }
      },
    };
    const jobs = process(handler);
    const other = openJobs({ db: store.db, log: silent, isAlone: false, timing: FAST });
    for (const asked of [jobs, other]) {
      const running = await send(jobs);
      await until(jobs, running, "running");
      const queued = await send(jobs);
      expect(await jobs.cancel(scope, queued)).toMatchObject({ status: "cancelled" });
      const askedAt = Date.now();
      await asked.cancel(scope, running);
      await until(jobs, running, "cancelled");
      expect(Date.now() - askedAt).toBeLessThan(1_000);
      expect(await jobs.get(scope, running)).toMatchObject({ error: null, isCancelling: false });
    }
    expect(signals).toEqual([
      expect.objectContaining({ code: "cancelled" }),
      expect.objectContaining({ code: "cancelled" }),
    ]);
  });

  test("work that was finished before it heard of the cancelling is done", async () => {
    const jobs = process({
      async run({ signal }) {
        await hang(signal).catch(() => {});
        return { whole: true };
      },
    });
    const jobId = await send(jobs);
    await until(jobs, jobId, "running");
    expect(await jobs.cancel(scope, jobId)).toMatchObject({ isCancelling: true });
    await until(jobs, jobId, "done");
  });

  test("a cancelled job whose process went away is cancelled by the next one", async () => {
    const first = process({ run: () => new Promise(() => {}) });
    const jobId = await send(first);
    await until(first, jobId, "running");
    await first.close();
    await first.cancel(scope, jobId);
    await until(process({ run: async () => ({}) }, { timing: { sweepMs: 50 } }), jobId, "cancelled");
  });

  test("a failure is tried again, later each time, and says why; what the asker did wrong is not", async () => {
    const tries: (number | undefined)[] = [];
    let problem: Error = new Error("secret detail");
    const jobs = process({
      maxTries: 3,
      async run({ state, save }) {
        tries.push(state?.at);
        await save({ at: tries.length });
        throw problem;
      },
    });
    const jobId = await send(jobs);
    await until(jobs, jobId, "failed");
    expect(tries).toEqual([undefined, 1, 2]);
    const failed = await jobs.get(scope, jobId);
    expect(failed).toMatchObject({ failures: 3, error: { code: "internal" } });
    expect(failed.error?.message).not.toContain("secret");
    problem = new AppError("unprocessable", { message: "Line 3 is no JSON." });
    expect(await jobs.retry(scope, jobId)).toMatchObject({ status: "queued", error: null, failures: 0, endedAt: null });
    await until(jobs, jobId, "failed");
    expect(tries).toEqual([undefined, 1, 2, 3]);
    expect((await jobs.get(scope, jobId)).error).toEqual({ code: "unprocessable", message: "Line 3 is no JSON." });
  });

  test("a job that another version wrote down fails with a sentence", async () => {
    const jobs = process({ run: async () => ({}) });
    const runAt = new Date(Date.now() + 600_000);
    const jobId = await send(jobs, 1, { runAt });
    await store.db.execute(sql`UPDATE jobs SET payload = '{"from": 1}', run_at = now() WHERE id = ${jobId}`);
    await until(jobs, jobId, "failed");
    expect((await jobs.get(scope, jobId)).error?.message).toMatch(/another version of Treadle/);
  });

  test("of one key there is one job until it has ended", async () => {
    const jobs = process({ run: ({ signal }) => hang(signal) });
    const more = { key: "version-7" };
    const first = await send(jobs, 1, more);
    expect(await send(jobs, 2, more)).toBe(first);
    expect(await send(jobs, 3, { key: "version-8" })).not.toBe(first);
    await jobs.cancel(scope, first);
    await until(jobs, first, "cancelled");
    const second = await send(jobs, 4, more);
    expect(second).not.toBe(first);
    await expect(jobs.retry(scope, first)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a job of a schedule begins again, also after a failure, until it is cancelled", async () => {
    let runs = 0;
    const jobs = process({
      maxTries: 1,
      async run() {
        runs++;
        if (runs === 2) throw new Error("once");
        return { runs };
      },
    });
    const jobId = await send(jobs, 1, { everySeconds: 1 });
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(3);
    await expect.poll(async () => (await jobs.get(scope, jobId)).result).toEqual({ runs: 3 });
    expect(await jobs.cancel(scope, jobId)).toMatchObject({ status: "cancelled" });
    await delay(1_300);
    expect(runs).toBe(3);
  });

  test("a project with much to do does not keep another waiting", async () => {
    const order: string[] = [];
    const release: (() => void)[] = [];
    const jobs = process({
      concurrency: 2,
      async run(run) {
        order.push(run.scope.projectId);
        await new Promise<void>((resolve) => release.push(resolve));
      },
    });
    const busy = scope;
    for (let index = 0; index < 5; index++) await send(jobs, index);
    scope = await makeProject();
    await send(jobs);
    await expect.poll(() => release.length).toBe(2);
    release.shift()?.();
    await expect.poll(() => order.length).toBe(3);
    expect(order).toEqual([busy.projectId, busy.projectId, scope.projectId]);
    scope = busy;
    const endAll = () => {
      for (const end of release.splice(0)) end();
      return order.length;
    };
    await expect.poll(endAll, { timeout: 5_000 }).toBe(6);
    endAll();
  });

  test("jobs are listed newest first, page by page, by status, kind and subject", async () => {
    const jobs = process({ run: ({ signal, payload }) => (payload.to === 0 ? Promise.resolve() : hang(signal)) });
    const ended = await send(jobs, 0, { subject: "ds_a" });
    await until(jobs, ended, "done");
    const rest = [await send(jobs, 1), await send(jobs, 2, { subject: "ds_a" }), await send(jobs, 3)];
    const idsOf = async (query: Parameters<JobsAdapter["list"]>[1]) =>
      (await jobs.list(scope, query)).items.map(({ id }) => id);
    const page = await jobs.list(scope, { limit: 3 });
    expect(page.items.map(({ id }) => id)).toEqual([...rest].reverse());
    expect(await idsOf({ limit: 3, cursor: page.nextCursor ?? "" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, status: "ended" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, status: "active" })).toHaveLength(3);
    expect(await idsOf({ limit: 9, subject: "ds_a", status: "done" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, kind: "other" })).toEqual([]);
    const stranger = await makeProject();
    expect((await jobs.list(stranger, { limit: 9 })).items).toEqual([]);
    for (const ask of [jobs.get, jobs.cancel, jobs.retry])
      await expect(ask(stranger, ended)).rejects.toMatchObject({ code: "not_found" });
    await expect(jobs.cancel(scope, ended)).rejects.toMatchObject({ code: "conflict" });
    await expect(jobs.retry(scope, ended)).rejects.toMatchObject({ code: "conflict" });
    await expect(jobs.list(scope, { limit: 3, cursor: "what" })).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("who watches a job sees it as it is, each change and its end, also of another process", async () => {
    const jobs = process({
      async run({ report }) {
        for (let done = 1; done <= 5; done++) {
          report({ done, total: 5 });
          await delay(60);
        }
      },
    });
    const other = openJobs({ db: store.db, log: silent, isAlone: false, timing: FAST });
    const jobId = await send(jobs);
    const watching = [jobs, other].map(async (each) => {
      const seen: Job[] = [];
      for await (const job of each.watch(scope, { jobId }, AbortSignal.timeout(10_000))) seen.push(job);
      return seen;
    });
    for (const seen of await Promise.all(watching)) {
      expect(seen.at(-1)).toMatchObject({ status: "done", progress: { done: 5 } });
      expect(new Set(seen.map(({ progress }) => progress.done)).size).toBeGreaterThan(3);
    }
    const none: Job[] = [];
    for await (const job of jobs.watch(scope, { jobId: "job_none" }, AbortSignal.timeout(10_000))) none.push(job);
    expect(none).toEqual([]);
  });

  test("who watches a project sees what changes from then on, and nothing of another project", async () => {
    const jobs = process({ run: async () => ({}) });
    const before = await send(jobs);
    await until(jobs, before, "done");
    const stop = new AbortController();
    const seen: Job[] = [];
    const watching = (async () => {
      for await (const job of jobs.watch(scope, {}, stop.signal)) seen.push(job);
    })();
    await delay(100);
    const after = await send(jobs);
    const home = scope;
    scope = await makeProject();
    await until(jobs, await send(jobs), "done");
    scope = home;
    await expect.poll(() => seen.at(-1)?.status).toBe("done");
    stop.abort();
    await watching;
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([after]));
  });

  test("jobs that ended long ago are forgotten", async () => {
    const jobs = process({ run: async () => ({}) }, { timing: { sweepMs: 50 } });
    const jobId = await send(jobs);
    await until(jobs, jobId, "done");
    await store.db.execute(sql`UPDATE jobs SET ended_at = now() - interval '31 days' WHERE id = ${jobId}`);
    await expect.poll(() => jobs.get(scope, jobId).catch(String)).toMatch(/There is no job/);
  });

  test("a kind has one handler", () => {
    const jobs = process({ run: async () => ({}) });
    expect(() => jobs.register(counting, { run: async () => ({}) })).toThrow(/has a handler already/);
  });
});
