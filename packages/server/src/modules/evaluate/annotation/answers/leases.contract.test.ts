import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import { type AnnotationWorld, openAnnotation, startEngines } from "../testing/open-annotation.ts";

const { engines, stop } = await startEngines();
afterAll(stop);

describe.each(engines)("$name", ({ open }) => {
  let store: PostgresStore;
  let world: AnnotationWorld;
  beforeAll(async () => {
    store = await open();
    world = await openAnnotation(store);
  });
  afterAll(() => store.close());

  const countsOf = async (queueId: string) => {
    const { rows } = await store.db.execute<{ most: number; negative: number; held: number; answered: number }>(sql`
      SELECT max(answered + held)::int AS most, sum(held)::int AS held, sum(answered)::int AS answered,
        (count(*) FILTER (WHERE held < 0 OR answered < 0))::int AS negative FROM annotation_items WHERE queue_id = ${queueId}`);
    return rows[0];
  };
  const people = (count: number) => Array.from({ length: count }, (_, at) => world.person(`user_${at}`));

  test("fifty concurrent people: no item exceeds its overlap, and no one gets an item twice", async () => {
    const { queueId } = await world.makeQueue({ overlap: 2 });
    await world.addItems(
      queueId,
      Array.from({ length: 60 }, () => ({})),
    );
    const itemsByPerson = new Map<string, string[]>();
    const work = async (scope: ReturnType<typeof world.person>) => {
      for (;;) {
        const [item] = await world.next(scope, queueId);
        if (!item) return;
        itemsByPerson.set(scope.actor, [...(itemsByPerson.get(scope.actor) ?? []), item.itemId]);
        await world.answer(scope, item.leaseId);
      }
    };
    await Promise.all(people(50).map(work));
    expect(await countsOf(queueId)).toEqual({ most: 2, negative: 0, held: 0, answered: 120 });
    for (const items of itemsByPerson.values()) expect(new Set(items).size).toBe(items.length);
    const all = [...itemsByPerson.values()].flat();
    expect(all).toHaveLength(120);
    expect(new Set(all).size).toBe(60);
    const progress = await world.annotation.progress(world.admin, queueId);
    expect(progress.items).toMatchObject({ total: 60, complete: 60, open: 0 });
  });

  test("the same holds for fifty concurrent people who get the next items with their answers", async () => {
    const { queueId } = await world.makeQueue({ overlap: 2 });
    await world.addItems(
      queueId,
      Array.from({ length: 60 }, () => ({})),
    );
    const leaseIds: string[] = [];
    let along = 0;
    const work = async (scope: ReturnType<typeof world.person>) => {
      const items = await world.next(scope, queueId, { count: 2 });
      for (let item = items.shift(); item; item = items.shift()) {
        leaseIds.push(`${scope.actor} ${item.itemId}`);
        const holding = items.map(({ leaseId }) => leaseId);
        const { next } = await world.answer(scope, item.leaseId, { next: { count: 1, holding } });
        along += next?.items.length ?? 0;
        items.push(...(next?.items ?? (await world.next(scope, queueId, { count: 1, holding }))));
      }
    };
    await Promise.all(people(50).map(work));
    expect(await countsOf(queueId)).toEqual({ most: 2, negative: 0, held: 0, answered: 120 });
    expect(leaseIds).toHaveLength(120);
    expect(new Set(leaseIds).size).toBe(120);
    expect(along).toBeGreaterThan(0);
  });

  test("the same answer sent many times concurrently is stored once, and each sender is informed", async () => {
    const { queueId } = await world.makeQueue({ overlap: 1 });
    await world.addItems(queueId, [{}]);
    const one = world.person("user_eager");
    const [item] = await world.next(one, queueId);
    const clientId = "sent-at-once";
    const all = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.answer(one, item?.leaseId ?? "", { clientId, next: { count: 1, holding: [] } }),
      ),
    );
    expect(new Set(all.map(({ answer }) => answer.answerId)).size).toBe(1);
    expect(await countsOf(queueId)).toMatchObject({ answered: 1, held: 0 });
  });

  test("what must be on the disk waits for it: only a transaction that gives items alone does not", async () => {
    const { queueId } = await world.makeQueue();
    const commitOf = (isLasting: boolean) =>
      store.db.transaction(async (tx) => {
        const now = new Date(world.clock.now());
        const arrival = { queueId, annotator: "user_disk", holding: [], now, expiresAt: now, isLasting };
        await createAnnotatorStore(tx).arrive(arrival);
        const { rows } = await tx.execute<{ synchronous_commit: string }>(sql`SHOW synchronous_commit`);
        return rows[0]?.synchronous_commit;
      });
    expect(await commitOf(true)).toBe("on");
    expect(await commitOf(false)).toBe("off");
    expect(await commitOf(true)).toBe("on");
  });

  test("fifty people who only take: as many leases as there are places, and none is left", async () => {
    const { queueId } = await world.makeQueue({ overlap: 3 });
    await world.addItems(
      queueId,
      Array.from({ length: 20 }, () => ({})),
    );
    const leased = (await Promise.all(people(50).map((scope) => world.next(scope, queueId, { count: 3 })))).flat();
    expect(new Set(leased.map(({ leaseId }) => leaseId)).size).toBe(leased.length);
    // Requests that arrive while an item is being assigned to another person still succeed: a second attempt finds the
    // remaining items.
    const rest = (await Promise.all(people(50).map((scope) => world.next(scope, queueId, { count: 10 })))).flat();
    const leases = new Set([...leased, ...rest].map(({ leaseId }) => leaseId));
    expect(await countsOf(queueId)).toEqual({ most: 3, negative: 0, held: leases.size, answered: 0 });
    expect(leases.size).toBe(60);
  });

  test("the same person in many tabs at once is given different items", async () => {
    const { queueId } = await world.makeQueue({ overlap: 5 });
    await world.addItems(
      queueId,
      Array.from({ length: 40 }, () => ({})),
    );
    const scope = world.person("user_tabs");
    const first = await world.next(scope, queueId);
    const tabs = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.next(scope, queueId, { count: 1, holding: first.map(({ leaseId }) => leaseId) }),
      ),
    );
    expect(new Set(tabs.flat().map(({ itemId }) => itemId)).has(first[0]?.itemId ?? "")).toBe(false);
    expect((await countsOf(queueId))?.most).toBe(1);
  });

  test("an expired lease is free again, and a released or skipped item goes to another person", async () => {
    const { queueId } = await world.makeQueue({ overlap: 1, leaseSeconds: 600 });
    await world.addItems(queueId, [{ key: "only" }]);
    const [one, two] = [world.person("user_one"), world.person("user_two")];
    const [lease] = await world.next(one, queueId);
    expect(await world.next(two, queueId)).toEqual([]);
    world.pass(599_000);
    expect(await world.next(two, queueId)).toEqual([]);
    world.pass(2_000);
    const [taken] = await world.next(two, queueId);
    expect(taken?.itemId).toBe(lease?.itemId);
    await expect(world.answer(one, lease?.leaseId ?? "")).rejects.toMatchObject({ code: "conflict" });
    expect(await world.annotation.leases.release(two, queueId, [taken?.leaseId ?? ""])).toEqual({ released: 1 });
    const [back] = await world.next(one, queueId);
    await world.answer(one, back?.leaseId ?? "", { status: "skipped" });
    expect(await world.next(one, queueId)).toEqual([]);
    expect(await world.next(two, queueId)).toHaveLength(1);
    expect(await countsOf(queueId)).toMatchObject({ most: 1, negative: 0 });
  });

  test("an answer after the lease expired is stored unless another person has taken the place", async () => {
    const { queueId } = await world.makeQueue({ overlap: 1 });
    await world.addItems(queueId, [{ key: "late" }]);
    const [one, two] = [world.person("user_one"), world.person("user_two")];
    const [lease] = await world.next(one, queueId);
    world.pass(700_000);
    const { items } = await world.annotation.leases.next(two, (await world.makeQueue()).queueId, {
      count: 1,
      holding: [],
    });
    expect(items).toEqual([]);
    await world.answer(one, lease?.leaseId ?? "");
    expect(await world.next(two, queueId)).toEqual([]);
    expect(await countsOf(queueId)).toMatchObject({ most: 1, answered: 1, held: 0 });
  });

  test("a heartbeat renews a lease, and reports lost leases", async () => {
    const { queueId } = await world.makeQueue({ overlap: 1, leaseSeconds: 60 });
    await world.addItems(queueId, [{}]);
    const [one, two] = [world.person("user_one"), world.person("user_two")];
    const [lease] = await world.next(one, queueId);
    const leaseId = lease?.leaseId ?? "";
    for (let beat = 0; beat < 3; beat++) {
      world.pass(50_000);
      expect((await world.annotation.leases.heartbeat(one, queueId, [leaseId])).lost).toEqual([]);
    }
    world.pass(61_000);
    expect(await world.next(two, queueId)).toHaveLength(1);
    expect(await world.annotation.leases.heartbeat(one, queueId, [leaseId])).toEqual({ kept: [], lost: [leaseId] });
  });

  test("who comes back is given what they hold first, and what is on screen is not given again", async () => {
    const { queueId } = await world.makeQueue();
    await world.addItems(
      queueId,
      Array.from({ length: 5 }, () => ({})),
    );
    const one = world.person("user_one");
    const leased = await world.next(one, queueId, { count: 2 });
    expect((await world.next(one, queueId, { count: 2 })).map(({ leaseId }) => leaseId)).toEqual(
      leased.map(({ leaseId }) => leaseId),
    );
    const more = await world.next(one, queueId, { count: 1, holding: leased.map(({ leaseId }) => leaseId) });
    expect(leased.map(({ itemId }) => itemId)).not.toContain(more[0]?.itemId);
  });

  test("urgent items come first, also for those who are further along", async () => {
    const { queueId } = await world.makeQueue({ overlap: 1 });
    await world.addItems(queueId, [{ key: "a" }, { key: "b" }]);
    const one = world.person("user_one");
    const [first] = await world.next(one, queueId);
    await world.answer(one, first?.leaseId ?? "");
    world.pass(1_000);
    await world.addItems(queueId, [{ key: "urgent" }], { priority: 5 });
    const [next] = await world.next(one, queueId);
    const item = await world.annotation.items.get(world.admin, next?.itemId ?? "");
    expect(item).toMatchObject({ priority: 5, source: { key: "custom:urgent" } });
  });

  test("two concurrent reviewers: one settles, and the other gets the first one's name", async () => {
    const { queueId } = await world.makeQueue({ reviewers: ["user_r1", "user_r2"] });
    await world.addItems(queueId, [{}]);
    const { items } = await world.annotation.items.list(world.admin, queueId, { gold: "any", search: "", limit: 1 });
    const itemId = items[0]?.itemId ?? "";
    const settle = (actor: string, good: boolean) =>
      world.annotation.adjudicate(world.person(actor), itemId, { answers: { good }, reason: actor, seenVersion: 0 });
    const both = await Promise.allSettled([settle("user_r1", true), settle("user_r2", false)]);
    const winner = both.find((one) => one.status === "fulfilled");
    const loser = both.find((one) => one.status === "rejected");
    expect(loser?.reason).toMatchObject({
      code: "conflict",
      details: { version: 1, by: winner?.value.by },
    });
    expect(loser?.reason.message).toContain(winner?.value.by.name);
    const item = await world.annotation.items.get(world.admin, itemId);
    expect(item).toMatchObject({ status: "adjudicated", adjudications: [winner?.value] });
  });
});
