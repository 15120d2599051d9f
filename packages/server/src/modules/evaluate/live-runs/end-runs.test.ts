import { expect, test, vi } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import {
  arrive,
  check,
  createRule,
  DUE,
  deleteRule,
  ended,
  hold,
  live,
  open,
  periods,
  runsOfRule,
  START,
  scope,
  set,
  useLiveRuns,
} from "./testing/live-runs-world.ts";

useLiveRuns();

test("an interrupted period ends while its rule is paused or its schedule is off", async () => {
  arrive(80);
  await set();
  live.time = DUE;
  live.readsLeft = 0;
  await expect(check()).rejects.toThrow("the server stopped");
  open();
  live.readsLeft = Number.POSITIVE_INFINITY;
  live.time += 1_000;
  await live.rules.update(scope, live.ruleId, { isEnabled: false });
  await check();
  const paused = "The server stopped before the run had its sample, and the rule was paused.";
  expect(await periods()).toMatchObject([{ state: "failed", runId: null, error: paused }]);
  live.time += 1_000;
  await live.rules.update(scope, live.ruleId, { isEnabled: true });
  await check();
  expect(await ended()).toMatchObject([{ state: "done", traces: 20, error: "" }]);

  arrive(90, "2026-03-03T18:00:00.000Z");
  await set({ sampleSize: 90 });
  live.time = DUE + DAY_MS;
  live.readsLeft = 1;
  await expect(check()).rejects.toThrow("the server stopped");
  expect(await runsOfRule()).toMatchObject([{ status: "open", answers: 50 }, {}]);
  await set({ isEnabled: false });
  await check();
  const off = "The server stopped before the run had its sample, and the schedule was turned off.";
  expect((await periods())[0]).toMatchObject({ state: "failed", runId: null, traces: 0, error: off });
  expect(await runsOfRule()).toHaveLength(1);
});

test("the run of a deleted rule is canceled, and its scores so far remain", async () => {
  arrive(30);
  await set();
  live.time = DUE;
  const release = hold();
  await check();
  expect((await runsOfRule()).map(({ status }) => status)).toEqual([expect.stringMatching(/queued|running/)]);
  await deleteRule();
  release();
  await vi.waitFor(
    async () => expect(await runsOfRule()).toMatchObject([{ status: "cancelled", answers: 20 }]),
    20_000,
  );
  expect(live.samples.length).toBeLessThan(20);
});

test("a rule that is deleted while its sample is read costs nothing", async () => {
  arrive(80);
  await set({ sampleSize: 80 });
  live.time = DUE;
  const release = hold();
  let reads = 0;
  const deleteAt = (read: number) => async () => {
    if (++reads === read) await deleteRule();
  };
  // The second read is after the first part of the run was stored.
  live.onRead = deleteAt(2);
  await check();
  expect(await runsOfRule()).toEqual([]);

  // The first read is before the run is created.
  [live.time, reads, live.ruleId] = [START, 0, await createRule()];
  await set();
  live.time = DUE;
  live.onRead = deleteAt(1);
  await check();
  release();
  await vi.waitFor(async () => expect(await runsOfRule()).toMatchObject([{ status: "cancelled" }]), 20_000);
});

test("a rule without a schedule is deleted without a job", async () => {
  await live.rules.delete(scope, live.ruleId);
  expect(live.orders).toEqual([]);
});
