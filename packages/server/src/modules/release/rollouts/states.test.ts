import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, FAILED } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = (variants?: Parameters<typeof createWorld>[1]) => createWorld({ db: postgres.db, columnar }, variants);

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUICK = [{ share: 0.3, minUnits: 100, minMinutes: 0 }];
const HELPFUL = { kind: "score", name: "helpful", maturityMinutes: 0 };
const oneIn = (most: number) => {
  let count = 0;
  return () => {
    count += 1;
    return count % most === 0;
  };
};

describe("a rollout holds", () => {
  test("if units of an arm are missing", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
    const isLost = oneIn(2);
    // Every other request of the candidate leaves no trace of the rollout.
    await world.send({ users: 1_500 }, (variant) => (variant === "new" && isLost() ? { rolloutId: "" } : {}));
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
    world.move(2 * MINUTE);
    await world.evaluate();
    const { state, reason, evidence } = await world.read(rolloutId);
    expect({ state, reason }).toEqual({ state: "holding", reason: "ratio" });
    expect(evidence?.ratio.evidence).toBeGreaterThan(3);
    expect((await world.endpoint()).rollout).toMatchObject({ share: 0.5 });
  });

  test("for harm where the guardrail only holds, until a person resumes it with fresh evidence", async () => {
    const world = await newWorld();
    const guardrails = [{ metric: { kind: "refusal" }, margin: 0.05, action: "hold" }];
    const { rolloutId } = await world.start({ guardrails, stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
    const isRefused = oneIn(3);
    const output = [{ role: "assistant", parts: [{ type: "refusal", content: "No." }], finish_reason: "stop" }];
    await world.send({ users: 300 }, (variant) => (variant === "new" && isRefused() ? { output } : {}));
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "holding", reason: "harm" });
    await world.evaluate();
    await world.rollouts.resume(world.scope, rolloutId, world.signal);
    await world.send({ users: 100, from: 300 });
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("running");
    expect(evidence?.metrics[0]?.evidence).toBeLessThan(0.1);
  });

  test("if a metric never arrives", async () => {
    const world = await newWorld();
    const guardrails = [{ metric: HELPFUL, direction: "higher", margin: 0.1 }];
    const { rolloutId } = await world.start({ guardrails, stages: QUICK });
    await world.send({ users: 500 });
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
    world.move(6 * MINUTE);
    await world.evaluate();
    world.move(MINUTE);
    await world.evaluate();
    const { reason, message } = await world.read(rolloutId);
    expect({ reason, message }).toMatchObject({
      reason: "no-metric",
      message: expect.stringContaining("score:helpful"),
    });
  });

  test("if scores are missing more often in one arm", async () => {
    const world = await newWorld();
    const guardrails = [{ metric: HELPFUL, direction: "higher", margin: 0.1 }];
    const { rolloutId } = await world.start({ guardrails, stages: QUICK });
    const calls = await world.send({ users: 800 });
    const isScored = oneIn(2);
    await world.score(calls, ({ variant }) => (variant === "old" || isScored() ? 0.8 : null));
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "holding", reason: "missing-scores" });
  });

  test("if a prompt or a connection changes during a stage", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.3, minUnits: 100, minMinutes: 60 }] });
    await world.send({ users: 100 }, () => ({ promptVersion: "1" }));
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
    await world.send({ users: 100, from: 100 }, (variant) => ({ promptVersion: variant === "new" ? "2" : "1" }));
    await world.evaluate();
    const { reason, message } = await world.read(rolloutId);
    expect({ reason, message }).toMatchObject({
      reason: "configuration",
      message: expect.stringContaining("candidate"),
    });
  });

  test("if the model of a variant is gone", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start();
    world.models.delete("m-new");
    await world.evaluate();
    const { reason, message } = await world.read(rolloutId);
    expect({ reason, message }).toMatchObject({ reason: "unavailable", message: expect.stringContaining("m-new") });
  });
});

test("a metric that only warns does so once, and stops nothing", async () => {
  const world = await newWorld();
  const guardrails = [
    { metric: { kind: "latency", budgetMs: 1_000 }, margin: 0.05, action: "warn", isRequired: false },
  ];
  const { rolloutId } = await world.start({ guardrails, stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
  const isSlow = oneIn(3);
  await world.send({ users: 400 }, (variant) => (variant === "new" && isSlow() ? { durationMs: 5_000 } : {}));
  await world.evaluate();
  await world.evaluate();
  expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
  const kinds = (await world.events(rolloutId)).map(({ kind }) => kind);
  expect(kinds).toEqual(["created", "started", "warned"]);
});

describe("while the clock", () => {
  test("is set back, nothing is decided", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: QUICK });
    await world.send({ users: 900 }, (variant) => (variant === "new" ? FAILED : {}));
    world.move(-3 * DAY);
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("running");
    expect(evidence?.waitingFor.map(({ reason }) => reason)).toEqual(["clock"]);
    world.move(3 * DAY);
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back" });
  });

  test("jumps ahead, a stage does not become older, and a rollout past its end pauses", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ maxDays: 3, stages: [{ share: 0.3, minUnits: 100, minMinutes: 600 }] });
    await world.send({ users: 900 });
    world.move(2 * DAY);
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("running");
    expect(evidence?.observedMinutes).toBeLessThanOrEqual(5);
    expect(evidence?.waitingFor.map(({ reason }) => reason)).toEqual(["time"]);
    world.move(2 * DAY);
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "paused", reason: "inconclusive" });
  });
});

describe("a transition", () => {
  test("that cannot be stored as a whole is not stored at all, and the next look makes it", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: QUICK });
    await world.send({ users: 300 }, (variant) => (variant === "new" ? FAILED : {}));
    const broken = world.open({
      audit: {
        async record() {
          throw new Error("the disk is full");
        },
      },
    });
    await broken.evaluate();
    const before = await world.read(rolloutId);
    expect(before).toMatchObject({ state: "running", lastError: expect.stringContaining("stays as it is") });
    expect((await world.endpoint()).rollout).toMatchObject({ share: 0.3 });
    // Another process on the same stores, as after a restart.
    await world.open().evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back", lastError: "" });
    expect((await world.events(rolloutId)).map(({ kind }) => kind)).toEqual(["created", "started", "rolled-back"]);
  });

  test.each(["start", "pause", "resume", "promote", "rollBack"] as const)(
    "by a person leaves everything as it was if it cannot be stored: %s",
    async (act) => {
      const world = await newWorld();
      const { rollouts, scope, signal } = world;
      const { rolloutId } = act === "start" ? await world.draft() : await world.start({ stages: QUICK });
      if (act === "resume") await rollouts.pause(scope, rolloutId, signal);
      const look = async () => ({
        rollout: await world.read(rolloutId),
        endpoint: await world.endpoint(),
        events: await world.events(rolloutId),
      });
      const before = await look();
      const broken = world.open({
        audit: {
          async record() {
            throw new Error("the disk is full");
          },
        },
      });
      await expect(broken.rollouts[act](scope, rolloutId, signal)).rejects.toThrow("the disk is full");
      expect(await look()).toEqual(before);
      await rollouts[act](scope, rolloutId, signal);
      expect((await look()).events).toHaveLength(before.events.length + 1);
    },
  );

  test("of two evaluations at the same time happens once", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: QUICK });
    await world.send({ users: 300 }, (variant) => (variant === "new" ? FAILED : {}));
    await Promise.all([world.evaluate(), world.open().evaluate(), world.open().evaluate()]);
    expect((await world.events(rolloutId)).map(({ kind }) => kind)).toEqual(["created", "started", "rolled-back"]);
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back" });
  });

  test("of a person wins over an evaluation that began before it", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: QUICK });
    await world.send({ users: 900 });
    const late = world.open({
      columnar: {
        ...world.columnar,
        async select(query) {
          const rows = await world.columnar.select(query);
          const { state } = await world.read(rolloutId);
          if (state === "running") await world.rollouts.rollBack(world.scope, rolloutId, world.signal);
          return rows;
        },
      },
    });
    await late.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back", reason: "person" });
    expect((await world.endpoint()).variants.find(({ name }) => name === "new")?.weight).toBe(0);
  });
});

test("a failing store leaves the rollout as it is, and shows why", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({ stages: QUICK });
  const away = world.open({
    columnar: {
      ...world.columnar,
      async select() {
        throw new Error("away");
      },
    },
  });
  await away.evaluate();
  expect(await world.read(rolloutId)).toMatchObject({ state: "running", lastError: expect.stringContaining("log") });
});

describe("what does not count is left out and counted", () => {
  test("forced requests, other units and requests of another share", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
    await world.send({ users: 100 });
    await world.send({ users: 20, forced: "new" }, () => FAILED);
    await world.send({ users: 30, from: 500, units: (user) => ({ user: "", session: user }) }, () => FAILED);
    await world.send({ users: 10, from: 700 }, () => ({
      variant: "new",
      assignment: { unit: "user", bucket: 0.01, propensity: 0.1, endpointVersion: 1 },
    }));
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("running");
    expect(evidence?.excluded).toEqual({
      forced: 20,
      otherUnit: 30,
      otherShare: 10,
      changedVariant: 0,
      beganEarlier: 0,
    });
    expect((evidence?.units.candidate ?? 0) + (evidence?.units.control ?? 0)).toBe(100);
    expect(evidence?.metrics[0]?.values).toEqual({ candidate: 0, control: 0 });
  });

  test("units that both arms answered", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
    await world.send({ users: 100 });
    await world.send({ users: 10 }, (variant) => ({ variant: variant === "new" ? "old" : "new" }));
    await world.evaluate();
    const { evidence } = await world.read(rolloutId);
    expect(evidence?.excluded.changedVariant).toBe(10);
    expect((evidence?.units.candidate ?? 0) + (evidence?.units.control ?? 0)).toBe(90);
  });

  test("conversations that began before the stage, in both arms", async () => {
    const world = await newWorld();
    const stages = [0.2, 0.6].map((share) => ({ share, minUnits: 50, minMinutes: 0 }));
    const { rolloutId } = await world.start({
      stages,
      unit: "conversation",
      guardrails: [{ metric: { kind: "error" }, margin: 0.2 }],
    });
    const units = (user: string) => ({ user: "", conversation: () => user });
    await world.send({ users: 800, units });
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ stage: 1 });
    await world.send({ users: 100, from: 750, units });
    await world.evaluate();
    const { evidence } = await world.read(rolloutId);
    expect(evidence?.excluded.beganEarlier).toBe(50);
    expect((evidence?.units.candidate ?? 0) + (evidence?.units.control ?? 0)).toBe(50);
  });

  test("traffic of a third variant", async () => {
    const variants = [
      { name: "old", model: "m-old", weight: 1 },
      { name: "third", model: "m-third", weight: 1 },
      { name: "new", model: "m-new", weight: 0 },
    ];
    const world = await newWorld(variants);
    const { rolloutId } = await world.start({ stages: [{ share: 0.4, minUnits: 100, minMinutes: 60 }] });
    const calls = await world.send({ users: 600 }, (variant) => (variant === "third" ? FAILED : {}));
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("running");
    const count = (name: string) => calls.filter(({ variant }) => variant === name).length;
    expect(evidence?.units).toEqual({ candidate: count("new"), control: count("old") });
    expect(count("third")).toBeGreaterThan(100);
  });
});

test("many requests of one user are one unit, so that one broken client is no evidence", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({ stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
  const [one] = (await world.send({ users: 60 })).filter(({ variant }) => variant === "new");
  const from = Number(one?.user.slice(1));
  for (let again = 0; again < 4; again++) await world.send({ users: 60 });
  for (let again = 0; again < 8; again++) {
    world.move(MINUTE);
    await world.send({ users: 1, from }, () => FAILED);
  }
  await world.evaluate();
  const { state, evidence } = await world.read(rolloutId);
  expect(state).toBe("running");
  expect(evidence?.requests.candidate).toBeGreaterThan((evidence?.units.candidate ?? 0) * 5);
  expect(evidence?.metrics[0]?.evidence).toBeLessThan(0.5);
});
