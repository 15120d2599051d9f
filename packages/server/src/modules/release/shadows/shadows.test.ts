import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createShadowWorld, said } from "./testing/shadow-world.ts";

let postgres: PostgresStore;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());

async function newWorld(more: object = {}) {
  const world = await createShadowWorld(postgres.db);
  const shadows = world.open();
  const { shadowId } = await shadows.create(world.scope, world.input(more));
  const get = () => shadows.get(world.scope, shadowId);
  const pairs = async () => (await shadows.listPairs(world.scope, shadowId, { limit: 50, differs: false })).items;
  const offer = (...given: Parameters<typeof world.answered>) =>
    shadows.mirrors.find(world.endpointId)?.(world.answered(...given));
  return { ...world, shadows, shadowId, get, pairs, offer };
}

describe("what is mirrored", () => {
  test("a pair holds the request and both answers with their numbers", async () => {
    const { offer, pending, get, pairs } = await newWorld();
    offer("Is it open?");
    expect(pending).toHaveLength(1);
    expect(pending[0]?.order).toMatchObject({ endpoint: "support", variant: "new" });
    pending[0]?.answer(said("The candidate says no."));
    await vi.waitFor(async () => expect(await pairs()).toHaveLength(1));
    expect((await pairs())[0]).toMatchObject({
      input: [{ role: "user", content: "Is it open?" }],
      primary: { variant: "old", text: "The primary says yes.", costUsd: 0.01, configHash: "old" },
      candidate: { variant: "new", text: "The candidate says no.", costUsd: 0.01, configHash: "new", durationMs: 50 },
      matches: { exact: false, json: null, tools: null },
    });
    const { counts, results, costUsd } = await get();
    expect(counts).toMatchObject({ sampled: 1, answered: 1, failed: 0, waiting: 0, lost: 0 });
    expect([results.pairs, results.matches[0]?.matching, costUsd]).toEqual([1, 0, 0.01]);
  });

  test("each reason not to mirror a call is counted", async () => {
    const { offer, pending, get, answered, shadows, endpointId } = await newWorld({ queueLength: 0, maxBytes: 1_000 });
    offer("x", {}, { isCacheHit: true });
    offer("x", {}, { status: "error" });
    offer("x", { isFallback: true });
    offer("x", {}, { variant: "new" });
    offer("x".repeat(1_000));
    offer("a@b");
    const untranslatable = answered();
    const toChat = () => {
      throw new Error("only its own provider understands it");
    };
    shadows.mirrors.find(endpointId)?.({ ...untranslatable, call: { ...untranslatable.call, toChat } });
    const byPerson = answered();
    const scope = { ...byPerson.call.scope, userId: "user_1" };
    shadows.mirrors.find(endpointId)?.({ ...byPerson, call: { ...byPerson.call, scope } });
    await vi.waitFor(async () => expect((await get()).counts.dropped.unsafe).toBe(1));
    for (let place = 0; place < 3; place++) offer();
    expect(pending).toHaveLength(2);
    expect((await get()).counts).toMatchObject({
      sampled: 10,
      waiting: 2,
      dropped: { queueFull: 1, tooLarge: 1, unsafe: 1, untranslatable: 1, budget: 0, requestCap: 0 },
      skipped: { cache: 1, failed: 1, fallback: 1, candidate: 1 },
    });
  });

  test("failed requests are mirrored if that is wanted", async () => {
    const { offer, pending } = await newWorld({ mirrorsFailures: true });
    offer("x", { response: null }, { status: "error", errorType: "status_500" });
    offer("x", {}, { status: "cancelled" });
    expect(pending).toHaveLength(1);
  });

  test("a share is a stable sample of the requests", async () => {
    const { offer, get } = await newWorld({ share: 0.25, queueLength: 1_000, requestsPerDay: 100_000 });
    for (let place = 0; place < 2_000; place++) offer();
    const { sampled } = (await get()).counts;
    expect(sampled).toBeGreaterThan(400);
    expect(sampled).toBeLessThan(600);
  });

  test("requests of the day are limited and begin again with the next day", async () => {
    const { offer, get, pending, move } = await newWorld({ requestsPerDay: 2 });
    for (let place = 0; place < 3; place++) offer();
    expect((await get()).counts.dropped.requestCap).toBe(1);
    for (const { answer } of pending) answer(said("Yes."));
    move(DAY_MS);
    offer();
    await vi.waitFor(() => expect(pending).toHaveLength(3));
    expect((await get()).today.requests).toBe(1);
  });
});

describe("how a mirrored call ends", () => {
  test("a failure is counted and stored, and not sent again", async () => {
    const { offer, pending, get, pairs } = await newWorld();
    offer();
    const failed = said("", 0, { status: "error", errorType: "status_500" });
    pending[0]?.answer({ ...failed, response: null, error: { code: "status_500", message: "It broke." } });
    await vi.waitFor(async () => expect((await get()).counts.failed).toBe(1));
    expect((await pairs())[0]?.candidate).toMatchObject({ status: "error", errorType: "status_500" });
    expect(pending).toHaveLength(1);
  });

  test("a budget of the project drops the call without a pair", async () => {
    const { offer, pending, get, pairs } = await newWorld();
    offer();
    pending[0]?.answer({ span: null, response: null, error: { code: "quota_exceeded", message: "It is used." } });
    await vi.waitFor(async () => expect((await get()).counts.dropped.budget).toBe(1));
    expect(await pairs()).toEqual([]);
  });

  test("an unknown price pauses it, because the budget could not be enforced", async () => {
    const { offer, pending, get } = await newWorld();
    offer();
    pending[0]?.answer(said("Yes.", null));
    await vi.waitFor(async () => expect((await get()).state).toBe("paused"));
    expect(await get()).toMatchObject({ reason: "unknown-price", message: expect.stringContaining("Set its price") });
  });

  test("a candidate that is gone pauses it", async () => {
    const { offer, pending, get, audits, shadowId, move } = await newWorld();
    offer();
    move(1_000);
    pending[0]?.answer({ span: null, response: null, error: { code: "unprocessable", message: "No such variant." } });
    await vi.waitFor(async () => expect((await get()).state).toBe("paused"));
    expect(await get()).toMatchObject({ reason: "configuration", message: "No such variant." });
    expect((await audits(shadowId)).map(({ action, actor }) => [action, actor])).toEqual([
      ["shadow.paused", "system"],
      ["shadow.created", "user_1"],
    ]);
  });

  test("the last pair ends it", async () => {
    const { offer, pending, get, shadows, endpointId } = await newWorld({ maxPairs: 1 });
    offer();
    pending[0]?.answer(said("Yes."));
    await vi.waitFor(async () => expect((await get()).state).toBe("ended"));
    expect(await get()).toMatchObject({ reason: "complete", counts: { answered: 1, lost: 0 } });
    expect(shadows.mirrors.find(endpointId)).toBeUndefined();
  });
});

describe("a stop of the server", () => {
  test("loses what waits and runs, counts it, and continues with the rest", async () => {
    const { offer, pending, pairs, shadows, open, scope, shadowId, endpointId, answered } = await newWorld({
      concurrency: 1,
    });
    for (let place = 0; place < 3; place++) offer();
    pending[0]?.answer(said("Yes."));
    await vi.waitFor(async () => expect(await pairs()).toHaveLength(1));
    await shadows.close();
    const next = open();
    await next.start();
    const get = () => next.get(scope, shadowId);
    expect((await get()).counts).toMatchObject({ sampled: 3, answered: 1, failed: 0, lost: 2, waiting: 0 });
    next.mirrors.find(endpointId)?.(answered());
    pending.at(-1)?.answer(said("Yes."));
    await vi.waitFor(async () => expect((await get()).counts.answered).toBe(2));
    await next.close();
  });

  test("without a warning counts what was stored as waiting", async () => {
    const { offer, get, open, scope, shadowId } = await newWorld({ concurrency: 1 });
    for (let place = 0; place < 3; place++) offer();
    expect((await get()).counts.waiting).toBe(3);
    const next = open();
    await vi.waitFor(async () => expect((await next.get(scope, shadowId)).counts.waiting).toBe(3));
    await next.start();
    expect((await next.get(scope, shadowId)).counts).toMatchObject({ lost: 3, waiting: 0 });
  });
});

describe("people", () => {
  test("a pause drops the queue, and a resumed shadow goes on counting", async () => {
    const { offer, shadows, scope, shadowId, pending } = await newWorld({ concurrency: 1 });
    offer();
    offer();
    expect((await shadows.pause(scope, shadowId)).counts).toMatchObject({ lost: 2, waiting: 0 });
    offer();
    expect(pending).toHaveLength(1);
    expect((await shadows.resume(scope, shadowId)).counts).toMatchObject({ sampled: 2, lost: 2 });
    offer();
    expect(pending).toHaveLength(2);
    const ended = await shadows.end(scope, shadowId);
    expect([ended.state, ended.counts.sampled, ended.endedAt !== null]).toEqual(["ended", 3, true]);
    await expect(shadows.resume(scope, shadowId)).rejects.toMatchObject({
      code: "conflict",
      message: "You cannot resume a shadow that is ended. It must be paused.",
    });
  });

  test("another project's shadow is not found", async () => {
    const [mine, other] = [await newWorld(), await newWorld()];
    const failing = [mine.shadows.get(other.scope, mine.shadowId), mine.shadows.end(other.scope, mine.shadowId)];
    for (const one of failing) await expect(one).rejects.toMatchObject({ code: "not_found" });
    const { items } = await mine.shadows.list(other.scope, { limit: 10 });
    expect(items.map(({ shadowId }) => shadowId)).toEqual([other.shadowId]);
  });

  test("a candidate with an unknown price is rejected", async () => {
    const world = await createShadowWorld(postgres.db);
    const shadows = world.open({ priceOf: async () => null });
    await expect(shadows.create(world.scope, world.input())).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining('The price of the model "m-new" is unknown'),
    });
  });
});
