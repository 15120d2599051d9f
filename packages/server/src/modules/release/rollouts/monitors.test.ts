import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import type { FiringMonitor, RolloutDeps } from "./run/deps.ts";
import { createWorld } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

type Note = Parameters<RolloutDeps["monitors"]["noteOnIncident"]>[2];
const FIRING: FiringMonitor = { monitorId: "mon_1", name: "Error rate", incidentId: "inc_1" };

/** A running rollout that obeys a monitor, and the entries that incidents got. */
async function startObeying(action: "hold" | "rollback" | "warn") {
  const world = await createWorld({ db: postgres.db, columnar });
  let firing: readonly FiringMonitor[] = [];
  const asked: (readonly string[])[] = [];
  const notes: Note[] = [];
  const { evaluate, rollouts } = world.open({
    monitors: {
      firingMonitors: async (_scope, ids) => {
        asked.push(ids);
        return firing.filter(({ monitorId }) => ids.includes(monitorId));
      },
      noteOnIncident: async (_tx, _scope, note) => void notes.push(note),
    },
  });
  const { rolloutId } = await world.start({ monitors: [{ monitorId: "mon_1", action }] });
  await world.send({ users: 50 });
  return {
    world,
    rolloutId,
    rollouts,
    notes,
    asked,
    async evaluateWhile(next: readonly FiringMonitor[]) {
      firing = next;
      world.move(10_000);
      await evaluate();
      return world.read(rolloutId);
    },
  };
}

describe("a firing monitor", () => {
  test("holds the rollout, which names the monitor and the incident, and the incident gets an entry", async () => {
    const { evaluateWhile, rolloutId, notes, asked, world, rollouts } = await startObeying("hold");
    expect((await evaluateWhile([])).state).toBe("running");
    expect((await evaluateWhile([{ ...FIRING, monitorId: "mon_other" }])).state).toBe("running");
    expect(await evaluateWhile([FIRING])).toMatchObject({
      state: "holding",
      reason: "monitor",
      message: 'The monitor "Error rate" is firing, see incident inc_1.',
    });
    expect(notes).toEqual([{ incidentId: "inc_1", rolloutId, text: "The rollout of new on support holds." }]);
    expect(new Set(asked.flat())).toEqual(new Set(["mon_1"]));
    await evaluateWhile([FIRING]);
    expect(notes).toHaveLength(1);
    await rollouts.resume(world.scope, rolloutId, world.signal);
    expect((await evaluateWhile([])).state).toBe("running");
    expect((await evaluateWhile([FIRING])).state).toBe("holding");
  });

  test("rolls the rollout back, also while it is holding", async () => {
    const { evaluateWhile, notes, rolloutId, world } = await startObeying("rollback");
    expect(await evaluateWhile([{ ...FIRING, incidentId: null }])).toMatchObject({
      state: "rolled-back",
      reason: "monitor",
      message: 'The monitor "Error rate" is firing.',
      share: 0,
    });
    expect(notes).toEqual([]);
    expect((await world.endpoint()).rollout).toBeNull();
    expect((await world.events(rolloutId)).at(-1)).toMatchObject({ kind: "rolled-back", reason: "monitor" });
  });

  test("warns once per incident and lets the rollout continue", async () => {
    const { evaluateWhile, notes, rolloutId, world } = await startObeying("warn");
    expect((await evaluateWhile([FIRING])).state).toBe("running");
    expect((await evaluateWhile([FIRING])).state).toBe("running");
    expect((await evaluateWhile([{ ...FIRING, incidentId: "inc_2" }])).state).toBe("running");
    const warnings = (await world.events(rolloutId)).filter(({ kind }) => kind === "warned");
    expect(warnings.map(({ message }) => message)).toEqual([
      'The monitor "Error rate" is firing, see incident inc_1.',
      'The monitor "Error rate" is firing, see incident inc_2.',
    ]);
    expect(notes.map(({ incidentId }) => incidentId)).toEqual(["inc_1", "inc_2"]);
  });
});

test("a plan names a monitor once", async () => {
  const world = await createWorld({ db: postgres.db, columnar });
  const twice = [{ monitorId: "mon_1" }, { monitorId: "mon_1", action: "warn" }];
  await expect(async () => world.draft({ monitors: twice })).rejects.toThrow("must not repeat a monitor");
  expect(await world.draft()).toMatchObject({ monitors: [] });
});
