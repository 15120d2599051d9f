import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, FAILED, type RolloutWorld } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = (variants?: Parameters<typeof createWorld>[1]) => createWorld({ db: postgres.db, columnar }, variants);

const QUICK = { minUnits: 100, minMinutes: 0 };
const MINUTE = 60_000;
/** Evaluates every five minutes, as long as time is observed in one piece. */
async function watch(world: RolloutWorld, minutes: number) {
  for (let passed = 0; passed < minutes; passed += 5) {
    world.move(5 * MINUTE);
    await world.evaluate();
  }
}

describe("an equal candidate", () => {
  test("is promoted through all stages, and no user goes back", async () => {
    const world = await newWorld();
    const stages = [0.2, 0.4, 0.6].map((share) => ({ ...QUICK, share }));
    const { rolloutId } = await world.start({ stages });
    const users = new Set<string>();
    for (const stage of [0, 1, 2]) {
      expect(await world.read(rolloutId)).toMatchObject({ state: "running", stage, share: stages[stage]?.share });
      const calls = await world.send({ users: 900 }, (_variant, place) => (place % 50 === 0 ? FAILED : {}));
      for (const { user, variant } of calls) {
        if (variant === "new") users.add(user);
        else expect(users).not.toContain(user);
      }
      await world.evaluate();
    }
    expect(await world.read(rolloutId)).toMatchObject({ state: "promoted", share: 0, reason: "passed" });
    expect((await world.events(rolloutId)).map(({ kind }) => kind)).toEqual([
      "created",
      "started",
      "next-stage",
      "next-stage",
      "promoted",
    ]);
    const { variants, rollout, version } = await world.endpoint();
    expect({ rollout, version }).toEqual({ rollout: null, version: 2 });
    expect(variants.map(({ name, weight }) => [name, weight])).toEqual([
      ["old", 0],
      ["new", 1],
    ]);
    const after = await world.send({ users: 100 });
    expect(new Set(after.map(({ variant }) => variant))).toEqual(new Set(["new"]));
  });

  test("waits for its units, its minutes and its metrics, and says how much is missing", async () => {
    const world = await newWorld();
    const guardrails = [{ metric: { kind: "error" }, margin: 0.02 }];
    const { rolloutId } = await world.start({ guardrails, stages: [{ share: 0.2, minUnits: 150, minMinutes: 30 }] });
    await world.send({ users: 300 });
    await world.evaluate();
    const young = await world.read(rolloutId);
    expect(young.evidence?.waitingFor.map(({ reason }) => reason)).toEqual(["units", "time", "metric"]);
    expect(young.evidence?.waitingFor[0]?.moreRequests).toBeGreaterThan(200);
    const count = { new: 0, old: 0 };
    await world.send({ users: 1_200, from: 300 }, (name) => {
      const variant = name === "new" ? "new" : "old";
      count[variant] += 1;
      return count[variant] % 25 === 0 ? FAILED : {};
    });
    await world.evaluate();
    const older = await world.read(rolloutId);
    expect(older.evidence?.waitingFor.map(({ reason }) => reason)).toEqual(["time", "metric"]);
    const more = older.evidence?.metrics[0]?.moreRequests ?? 0;
    expect(more).toBeGreaterThan(300);
    expect(older.evidence?.waitingFor[1]?.message).toMatch(/takes about [\d,]+ more requests/);
    await watch(world, 30);
    expect(await world.read(rolloutId)).toMatchObject({ state: "running", stage: 0 });
  });

  test("waits for approval where a stage needs it", async () => {
    const world = await newWorld();
    const stages = [
      { ...QUICK, share: 0.3, needsApproval: true },
      { ...QUICK, share: 0.5, needsApproval: true },
    ];
    const { rolloutId } = await world.start({ stages });
    for (const stage of [0, 1]) {
      await world.send({ users: 700 });
      await world.evaluate();
      await world.evaluate();
      expect(await world.read(rolloutId)).toMatchObject({ state: "holding", reason: "approval", stage });
      await world.rollouts.approve(world.scope, rolloutId, world.signal);
    }
    expect(await world.read(rolloutId)).toMatchObject({ state: "promoted", reason: "person" });
    expect((await world.events(rolloutId)).map(({ kind, actor }) => [kind, actor])).toEqual([
      ["created", "user_1"],
      ["started", "user_1"],
      ["holding", "system"],
      ["next-stage", "user_1"],
      ["holding", "system"],
      ["promoted", "user_1"],
    ]);
  });
});

describe("an inconclusive rollout", () => {
  test("with too little traffic pauses, expires later, and then leaves the endpoint to its weights", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ maxDays: 2, stages: [{ share: 0.2, minUnits: 500, minMinutes: 60 }] });
    await world.send({ users: 60 });
    await world.evaluate();
    world.move(2 * 24 * 60 * MINUTE);
    await world.evaluate();
    const paused = await world.read(rolloutId);
    expect(paused).toMatchObject({ state: "paused", reason: "inconclusive", share: 0 });
    expect(paused.message).toMatch(/No decision within 2 days, in stage 1\. The candidate has \d+ of 500 units/);
    expect((await world.endpoint()).rollout).toMatchObject({ share: 0 });
    const during = await world.send({ users: 50 });
    expect(new Set(during.map(({ variant }) => variant))).toEqual(new Set(["old"]));
    world.move(2 * 24 * 60 * MINUTE);
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "expired", reason: "expired" });
    expect((await world.endpoint()).rollout).toBeNull();
  });

  test("is rolled back if that is wanted, and never promoted", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({
      maxDays: 1,
      onInconclusive: "rollback",
      stages: [{ ...QUICK, share: 0.2 }],
    });
    world.move(24 * 60 * MINUTE - 10 * MINUTE);
    await world.send({ users: 900 });
    world.move(10 * MINUTE);
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back", reason: "inconclusive" });
  });
});

describe("people", () => {
  test("pause and resume a rollout, which begins its stage again", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.3, minUnits: 100, minMinutes: 10 }] });
    await world.send({ users: 200 });
    await world.evaluate();
    const { rollouts, scope, signal } = world;
    expect(await rollouts.pause(scope, rolloutId, signal)).toMatchObject({
      state: "paused",
      share: 0,
      reason: "person",
    });
    await world.evaluate();
    expect(await rollouts.resume(scope, rolloutId, signal)).toMatchObject({
      state: "running",
      share: 0.3,
      evidence: null,
    });
    await world.send({ users: 100, from: 500 });
    await world.evaluate();
    const { evidence } = await world.read(rolloutId);
    expect((evidence?.units.candidate ?? 0) + (evidence?.units.control ?? 0)).toBe(100);
  });

  test("promote and roll back without evidence", async () => {
    const world = await newWorld();
    const { rollouts, scope, signal } = world;
    const { rolloutId: first } = await world.start();
    expect(await rollouts.rollBack(scope, first, signal)).toMatchObject({ state: "rolled-back", reason: "person" });
    const { rolloutId: second } = await world.start();
    expect(await rollouts.promote(scope, second, signal)).toMatchObject({ state: "promoted", reason: "person" });
    expect((await world.endpoint()).variants.find(({ name }) => name === "new")?.weight).toBe(1);
  });

  test("cannot do what the state does not allow", async () => {
    const world = await newWorld();
    const { rollouts, scope, signal } = world;
    const { rolloutId } = await world.draft();
    for (const act of ["pause", "resume", "approve", "promote", "rollBack"] as const)
      await expect(rollouts[act](scope, rolloutId, signal)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("draft"),
      });
    await rollouts.start(scope, rolloutId, signal);
    await expect(rollouts.start(scope, rolloutId, signal)).rejects.toMatchObject({ code: "conflict" });
    await expect(rollouts.delete(scope, rolloutId)).rejects.toMatchObject({
      message: expect.stringContaining("record"),
    });
    await rollouts.rollBack(scope, rolloutId, signal);
    await expect(rollouts.resume(scope, rolloutId, signal)).rejects.toMatchObject({ code: "conflict" });
  });

  test("of another project see no rollout", async () => {
    const [world, other] = [await newWorld(), await newWorld()];
    const { rolloutId } = await world.draft();
    await expect(other.read(rolloutId)).rejects.toMatchObject({ code: "not_found" });
    await expect(other.rollouts.start(other.scope, rolloutId, other.signal)).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await other.rollouts.list(other.scope, { limit: 10 })).items).toEqual([]);
  });
});

test("points follow the rollout over time, no closer than 30 seconds", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({ stages: [{ share: 0.3, minUnits: 100, minMinutes: 600 }] });
  for (const from of [0, 100, 200, 300]) {
    await world.send({ users: 100, from });
    await world.evaluate();
    world.move(10_000);
  }
  const { rollouts, scope } = world;
  const first = await rollouts.listPoints(scope, rolloutId, { limit: 1 });
  expect(first.items[0]).toMatchObject({ stage: 0, share: 0.3, metrics: [{ key: "error" }] });
  const rest = await rollouts.listPoints(scope, rolloutId, { limit: 10, cursor: first.nextCursor ?? "" });
  expect(rest.items).toHaveLength(1);
});
