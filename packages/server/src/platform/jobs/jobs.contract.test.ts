import { setTimeout as delay } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { AppError } from "../../kernel/errors.ts";
import { type CountRun, counting, hang, startEngines, useJobWorld } from "./testing/job-world.ts";

const { engines, stop } = await startEngines();
afterAll(stop);

describe.each(engines)("$name", ({ open }) => {
  const world = useJobWorld(open);

  test("a job is run once its transaction is committed, and tells how far it is and what it gave", async () => {
    const runs: CountRun[] = [];
    const jobs = world.process({
      async run(run) {
        runs.push(run);
        run.report({ done: 3, total: 7, unit: "rows", message: "counting" });
        return { sum: run.payload.to, text: "a\0b" };
      },
      isWhole: () => false,
    });
    const failed = world.db.transaction(async (tx) => {
      await jobs.send(tx, world.scope, { kind: counting, payload: { to: 1 }, title: "Never" });
      throw new Error("stop");
    });
    await expect(failed).rejects.toThrow("stop");
    const jobId = await world.send(jobs, 7, { title: "Count a\0 file", subject: "ds_1" });
    await world.until(jobs, jobId, "done");
    await delay(150);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ jobId, state: null, payload: { to: 7 } });
    expect(runs[0]?.scope).toMatchObject({ projectId: world.scope.projectId, actor: "user_a", userId: "user_a" });
    expect(await jobs.get(world.scope, jobId)).toMatchObject({
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

  test("a job that is done has done all there was, whatever it reported last", async () => {
    const jobs = world.process({
      isWhole: (result) => result === "whole",
      async run({ payload, report }) {
        report({ done: 232, total: 258, unit: "rows" });
        return payload.to === 1 ? "whole" : "stopped early";
      },
    });
    const [whole, early] = [await world.send(jobs, 1), await world.send(jobs, 2)];
    for (const id of [whole, early]) await world.until(jobs, id, "done");
    expect((await jobs.get(world.scope, whole)).progress).toMatchObject({ done: 258, total: 258 });
    expect((await jobs.get(world.scope, early)).progress).toMatchObject({ done: 232, total: 258 });
  });

  test("several processes run each job once, within the concurrency limit", async () => {
    const ran: number[] = [];
    const most = [0, 0, 0];
    const busy = [0, 0, 0];
    const processes = [0, 1, 2].map((place) =>
      world.process({
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
    const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => world.send(jobs, index)));
    for (const id of ids) await world.until(jobs, id, "done");
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(most).toEqual([2, 2, 2]);
  });

  test("frequent progress is written now and then, and the last value is stored at the end", async () => {
    const jobs = world.process({
      async run({ report, payload }) {
        for (let done = 0; done <= payload.to; done++) report({ done, total: payload.to });
        await delay(100);
        for (let done = 0; done <= payload.to; done++) report({ done, message: "nearly" });
      },
    });
    const jobId = await world.send(jobs, 10_000);
    await world.until(jobs, jobId, "done");
    expect((await jobs.get(world.scope, jobId)).progress).toMatchObject({
      done: 10_000,
      total: 10_000,
      message: "nearly",
    });
    const { rows } = await world.db.execute<{ revision: number }>(sql`SELECT revision FROM jobs WHERE id = ${jobId}`);
    expect(rows[0]?.revision).toBeLessThan(12);
  });

  test("a server that stops releases its jobs, and the next one continues them", async () => {
    const first = world.process({
      async run({ save, signal }) {
        await save({ at: 5 });
        return hang(signal);
      },
    });
    const jobId = await world.send(first);
    await expect.poll(async () => (await first.get(world.scope, jobId)).startedAt).not.toBeNull();
    await delay(50);
    await first.close();
    expect(await first.get(world.scope, jobId)).toMatchObject({ status: "queued", failures: 0 });
    const second = world.process({ run: async ({ state }) => state });
    await world.until(second, jobId, "done");
    expect((await second.get(world.scope, jobId)).result).toEqual({ at: 5 });
  });

  test.each(["archived_at", "deleted_at"])(
    "jobs of a project with %s wait, and continue where they were without it",
    async (column) => {
      const other = await world.makeProject();
      const jobs = world.process({
        async run({ state, save, signal, payload }) {
          if (payload.to === 1) return "other";
          if (state !== null) return state;
          await save({ at: 5 });
          return hang(signal);
        },
        concurrency: 2,
      });
      const setTime = (time: string | null) =>
        world.db.execute(
          sql`UPDATE projects SET ${sql.identifier(column)} = ${time}::timestamptz WHERE id = ${world.scope.projectId}`,
        );
      const running = await world.send(jobs, 2);
      await expect.poll(async () => (await jobs.get(world.scope, running)).startedAt).not.toBeNull();
      await setTime("2026-01-01T00:00:00Z");
      await world.until(jobs, running, "queued");
      const inOther = await world.send(jobs, 1, { in: other });
      await expect.poll(async () => (await jobs.get(other, inOther)).status, { timeout: 10_000 }).toBe("done");
      expect(await jobs.get(world.scope, running)).toMatchObject({ status: "queued", failures: 0 });
      await setTime(null);
      await world.until(jobs, running, "done");
      expect((await jobs.get(world.scope, running)).result).toEqual({ at: 5 });
    },
  );

  test("a job of a process that is not heard of any more is taken over; what the old one still writes counts for nothing", async () => {
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const reports: unknown[] = [];
    const first = world.process({
      async run({ save }) {
        await save({ at: 1 });
        await resumed;
        const late = world.db.transaction(async (tx) => {
          await tx.execute(sql`UPDATE projects SET name = 'late' WHERE id = ${world.scope.projectId}`);
          await save({ at: 99 }, tx);
        });
        reports.push(await late.catch((error: unknown) => error));
        return { from: "the first" };
      },
    });
    const jobId = await world.send(first);
    await world.until(first, jobId, "running");
    await first.close();
    const second = world.process({ run: async ({ state }) => ({ from: "the second", state }) });
    await world.until(second, jobId, "done");
    resume();
    await expect.poll(() => reports).toEqual([expect.objectContaining({ code: "conflict" })]);
    await delay(50);
    expect(await second.get(world.scope, jobId)).toMatchObject({
      result: { from: "the second", state: { at: 1 } },
      failures: 0,
    });
    const { rows } = await world.db.execute<{ name: string }>(sql`SELECT name FROM projects`);
    expect(rows).toEqual([{ name: "Project" }]);
  });

  test("a process with exclusive use of the database resumes interrupted jobs immediately", async () => {
    const timing = { leaseMs: 600_000 };
    const first = world.process({ run: () => new Promise(() => {}) }, { timing });
    const jobId = await world.send(first);
    await world.until(first, jobId, "running");
    await first.close();
    const patient = world.process({ run: async () => "patient" }, { timing });
    await delay(300);
    expect((await patient.get(world.scope, jobId)).status).toBe("running");
    await patient.close();
    await world.until(world.process({ run: async () => ({}) }, { isAlone: true, timing }), jobId, "done");
  });

  test("a job that takes its process with it again and again is given up, unless it gets further", async () => {
    const first = world.process({ run: () => new Promise(() => {}) });
    const jobId = await world.send(first);
    await world.until(first, jobId, "running");
    await first.close();
    await world.db.execute(sql`UPDATE jobs SET interruptions = 10 WHERE id = ${jobId}`);
    const second = world.process({ run: async () => ({}) });
    await world.until(second, jobId, "failed");
    expect((await second.get(world.scope, jobId)).error?.message).toMatch(/stopped 10 times while "Count" was running/);
  });

  test("a failure is tried again, later each time, and says why; what the asker did wrong is not", async () => {
    const tries: (number | undefined)[] = [];
    let problem: Error = new Error("secret detail");
    const jobs = world.process({
      maxTries: 3,
      async run({ state, save }) {
        tries.push(state?.at);
        await save({ at: tries.length });
        throw problem;
      },
    });
    const jobId = await world.send(jobs);
    await world.until(jobs, jobId, "failed");
    expect(tries).toEqual([undefined, 1, 2]);
    const failed = await jobs.get(world.scope, jobId);
    expect(failed).toMatchObject({ failures: 3, error: { code: "internal" } });
    expect(failed.error?.message).not.toContain("secret");
    problem = new AppError("unprocessable", { message: "Line 3 is no JSON." });
    expect(await jobs.retry(world.scope, jobId)).toMatchObject({
      status: "queued",
      error: null,
      failures: 0,
      endedAt: null,
    });
    await world.until(jobs, jobId, "failed");
    expect(tries).toEqual([undefined, 1, 2, 3]);
    expect((await jobs.get(world.scope, jobId)).error).toEqual({
      code: "unprocessable",
      message: "Line 3 is no JSON.",
    });
  });

  test("a job that another version wrote down fails with a sentence", async () => {
    const jobs = world.process({ run: async () => ({}) });
    const runAt = new Date(Date.now() + 600_000);
    const jobId = await world.send(jobs, 1, { runAt });
    await world.db.execute(sql`UPDATE jobs SET payload = '{"from": 1}', run_at = now() WHERE id = ${jobId}`);
    await world.until(jobs, jobId, "failed");
    expect((await jobs.get(world.scope, jobId)).error?.message).toMatch(/another version of Treadle/);
  });

  test("of one key there is one job until it has ended", async () => {
    const jobs = world.process({ run: ({ signal }) => hang(signal) });
    const more = { key: "version-7" };
    const first = await world.send(jobs, 1, more);
    expect(await world.send(jobs, 2, more)).toBe(first);
    expect(await world.send(jobs, 3, { key: "version-8" })).not.toBe(first);
    await jobs.cancel(world.scope, first);
    await world.until(jobs, first, "cancelled");
    const second = await world.send(jobs, 4, more);
    expect(second).not.toBe(first);
    await expect(jobs.retry(world.scope, first)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a job of a schedule begins again, also after a failure, until it is cancelled", async () => {
    let runs = 0;
    const jobs = world.process({
      maxTries: 1,
      async run() {
        runs++;
        if (runs === 2) throw new Error("once");
        return { runs };
      },
    });
    const jobId = await world.send(jobs, 1, { everySeconds: 1 });
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(3);
    await expect.poll(async () => (await jobs.get(world.scope, jobId)).result).toEqual({ runs: 3 });
    expect(await jobs.cancel(world.scope, jobId)).toMatchObject({ status: "cancelled" });
    await delay(1_300);
    expect(runs).toBe(3);
  });

  test("a job of a schedule does not wait for a time that a clock ahead has set", async () => {
    let runs = 0;
    const run = async () => ({ runs: ++runs });
    const jobs = world.process({ run }, { timing: { sweepMs: 50 } });
    const jobId = await world.send(jobs, 1, { everySeconds: 30 });
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(1);
    await world.until(jobs, jobId, "queued");
    await world.db.execute(sql`UPDATE jobs SET run_at = now() + interval '5 minutes' WHERE id = ${jobId}`);
    await delay(300);
    expect(runs).toBe(1);
    await world.db.execute(sql`UPDATE jobs SET run_at = now() + interval '1 day' WHERE id = ${jobId}`);
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(2);
  });

  test("a project with much to do does not keep another waiting", async () => {
    const order: string[] = [];
    const release: (() => void)[] = [];
    const jobs = world.process({
      concurrency: 2,
      async run(run) {
        order.push(run.scope.projectId);
        await new Promise<void>((resolve) => release.push(resolve));
      },
    });
    for (let index = 0; index < 5; index++) await world.send(jobs, index);
    await expect.poll(() => release.length).toBe(2);
    const other = await world.makeProject();
    await world.send(jobs, 9, { in: other });
    release.shift()?.();
    await expect.poll(() => order.length).toBe(3);
    expect(order).toEqual([world.scope.projectId, world.scope.projectId, other.projectId]);
    const endAll = () => {
      for (const end of release.splice(0)) end();
      return order.length;
    };
    await expect.poll(endAll, { timeout: 5_000 }).toBe(6);
    endAll();
  });

  test("jobs that ended long ago are forgotten", async () => {
    const jobs = world.process({ run: async () => ({}) }, { timing: { sweepMs: 50 } });
    const jobId = await world.send(jobs);
    await world.until(jobs, jobId, "done");
    await world.db.execute(sql`UPDATE jobs SET ended_at = now() - interval '31 days' WHERE id = ${jobId}`);
    await expect.poll(() => jobs.get(world.scope, jobId).catch(String)).toMatch(/has no job/);
  });

  test("a kind has one handler", () => {
    const jobs = world.process({ run: async () => ({}) });
    expect(() => jobs.register(counting, { run: async () => ({}) })).toThrow(/already has a handler/);
  });
});
