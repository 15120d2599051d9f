import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "@treadle/contract";
import { afterAll, describe, expect, test } from "vitest";
import type { JobsAdapter } from "./open.ts";
import { type CountRun, hang, startEngines, useJobWorld } from "./testing/job-world.ts";

const { engines, stop } = await startEngines();
afterAll(stop);

describe.each(engines)("$name", ({ open }) => {
  const world = useJobWorld(open);

  test("a queued job is canceled immediately; a running job is notified immediately, also by another process", async () => {
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
    const jobs = world.process(handler);
    const other = world.onlooker();
    for (const asked of [jobs, other]) {
      const running = await world.send(jobs);
      await world.until(jobs, running, "running");
      const queued = await world.send(jobs);
      expect(await jobs.cancel(world.scope, queued)).toMatchObject({ status: "cancelled" });
      const askedAt = Date.now();
      await asked.cancel(world.scope, running);
      await world.until(jobs, running, "cancelled");
      expect(Date.now() - askedAt).toBeLessThan(1_000);
      expect(await jobs.get(world.scope, running)).toMatchObject({ error: null, isCancelling: false });
    }
    expect(signals).toEqual([
      expect.objectContaining({ code: "cancelled" }),
      expect.objectContaining({ code: "cancelled" }),
    ]);
  });

  test("work that was finished before it heard of the cancelling is done", async () => {
    const jobs = world.process({
      async run({ signal }) {
        await hang(signal).catch(() => {});
        return { whole: true };
      },
    });
    const jobId = await world.send(jobs);
    await world.until(jobs, jobId, "running");
    expect(await jobs.cancel(world.scope, jobId)).toMatchObject({ isCancelling: true });
    await world.until(jobs, jobId, "done");
  });

  test("a cancelled job whose process went away is cancelled by the next one", async () => {
    const first = world.process({ run: () => new Promise(() => {}) });
    const jobId = await world.send(first);
    await world.until(first, jobId, "running");
    await first.close();
    await first.cancel(world.scope, jobId);
    await world.until(world.process({ run: async () => ({}) }, { timing: { sweepMs: 50 } }), jobId, "cancelled");
  });

  test("jobs are listed newest first, page by page, by status, kind and subject", async () => {
    const jobs = world.process({ run: ({ signal, payload }) => (payload.to === 0 ? Promise.resolve() : hang(signal)) });
    const ended = await world.send(jobs, 0, { subject: "ds_a" });
    await world.until(jobs, ended, "done");
    const rest = [await world.send(jobs, 1), await world.send(jobs, 2, { subject: "ds_a" }), await world.send(jobs, 3)];
    const idsOf = async (query: Parameters<JobsAdapter["list"]>[1]) =>
      (await jobs.list(world.scope, query)).items.map(({ jobId }) => jobId);
    const page = await jobs.list(world.scope, { limit: 3 });
    expect(page.items.map(({ jobId }) => jobId)).toEqual([...rest].reverse());
    expect(await idsOf({ limit: 3, cursor: page.nextCursor ?? "" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, status: "ended" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, status: "active" })).toHaveLength(3);
    expect(await idsOf({ limit: 9, subject: "ds_a", status: "done" })).toEqual([ended]);
    expect(await idsOf({ limit: 9, kind: "other" })).toEqual([]);
    const stranger = await world.makeProject();
    expect((await jobs.list(stranger, { limit: 9 })).items).toEqual([]);
    for (const ask of [jobs.get, jobs.cancel, jobs.retry])
      await expect(ask(stranger, ended)).rejects.toMatchObject({ code: "not_found" });
    await expect(jobs.cancel(world.scope, ended)).rejects.toMatchObject({ code: "conflict" });
    await expect(jobs.retry(world.scope, ended)).rejects.toMatchObject({ code: "conflict" });
    await expect(jobs.list(world.scope, { limit: 3, cursor: "what" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("who watches a job sees it as it is, each change and its end, also of another process", async () => {
    const jobs = world.process({
      async run({ report }) {
        for (let done = 1; done <= 5; done++) {
          report({ done, total: 5 });
          await delay(60);
        }
      },
    });
    const other = world.onlooker();
    const jobId = await world.send(jobs);
    const watching = [jobs, other].map(async (each) => {
      const jobsSeen: Job[] = [];
      for await (const job of each.watch(world.scope, { jobId }, AbortSignal.timeout(10_000))) jobsSeen.push(job);
      return jobsSeen;
    });
    for (const seen of await Promise.all(watching)) {
      expect(seen.at(-1)).toMatchObject({ status: "done", progress: { done: 5 } });
      expect(new Set(seen.map(({ progress }) => progress.done)).size).toBeGreaterThan(3);
    }
    const none: Job[] = [];
    for await (const job of jobs.watch(world.scope, { jobId: "job_none" }, AbortSignal.timeout(10_000))) none.push(job);
    expect(none).toEqual([]);
  });

  test("who watches a project sees what changes from then on, and nothing of another project", async () => {
    const jobs = world.process({ run: async () => ({}) });
    const before = await world.send(jobs);
    await world.until(jobs, before, "done");
    const stop = new AbortController();
    const jobsSeen: Job[] = [];
    const watching = (async () => {
      for await (const job of jobs.watch(world.scope, {}, stop.signal)) jobsSeen.push(job);
    })();
    await delay(100);
    const after = await world.send(jobs);
    const stranger = await world.makeProject();
    const theirs = await world.send(jobs, 1, { in: stranger });
    await expect.poll(async () => (await jobs.get(stranger, theirs)).status).toBe("done");
    await expect.poll(() => jobsSeen.at(-1)?.status).toBe("done");
    stop.abort();
    await watching;
    expect(new Set(jobsSeen.map(({ jobId }) => jobId))).toEqual(new Set([after]));
  });
});
