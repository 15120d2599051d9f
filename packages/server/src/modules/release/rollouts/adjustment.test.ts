import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { hashUnit, hashUnitSql } from "../../build/gateway/index.ts";
import { createWorld, type RolloutWorld } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = () => createWorld({ db: postgres.db, columnar });

const COST = { metric: { kind: "cost" }, margin: 0.05 };
const HELPFUL = { metric: { kind: "score", name: "helpful", maturityMinutes: 0 }, direction: "higher", margin: 0.05 };
const STAGES = [{ share: 0.5, minUnits: 100, minMinutes: 60 }];
const USERS = 600;

/** What a user always costs, and a little more that changes from day to day. */
const costOf = (place: number, day: number) => 0.01 + (place % 50) / 1_000 + ((place * 7 + day * 3) % 10) / 10_000;
const scoreOf = (place: number, day: number) => (place % 10) / 12 + ((place * 3 + day) % 7) / 70;

async function sendDay(world: RolloutWorld, day: number, more: Partial<Parameters<RolloutWorld["send"]>[0]> = {}) {
  const calls = await world.send({ users: USERS, ...more }, (_, place) => ({
    costUsd: costOf(place, day),
    attributes: { "treadle.actor": `key_${place}` },
  }));
  await world.score(calls, (_, place) => scoreOf(place, day));
}

async function evaluated(world: RolloutWorld, rolloutId: string) {
  await world.evaluate();
  return (await world.read(rolloutId)).evidence?.metrics ?? [];
}

const widthOf = (one: { lowerBound: number | null; upperBound: number | null } | undefined) =>
  (one?.upperBound ?? 0) - (one?.lowerBound ?? 0);

test("costs and scores are adjusted by each user's earlier mean", async () => {
  const [plain, world] = [await newWorld(), await newWorld()];
  await sendDay(world, 1);
  await sendDay(world, 2);
  const plan = { stages: STAGES, guardrails: [COST, HELPFUL] };
  const [{ rolloutId: other }, { rolloutId }] = [await plain.start(plan), await world.start(plan)];
  for (const one of [plain, world]) await sendDay(one, 3);
  const [wide, narrow] = [await evaluated(plain, other), await evaluated(world, rolloutId)];
  expect(wide.map(({ adjustment }) => adjustment)).toEqual([null, null]);
  for (const [place, finding] of narrow.entries()) {
    expect(finding.adjustment?.units).toEqual(finding.units);
    expect(finding.units.candidate + finding.units.control).toBe(USERS);
    expect(finding.adjustment?.varianceReduction).toBeGreaterThan(0.9);
    expect(widthOf(finding)).toBeLessThan(widthOf(wide[place]) / 2);
  }
});

test("where the key is the unit, its earlier mean is used", async () => {
  const world = await newWorld();
  const units = (user: string) => ({ user: "", key: user.replace("u", "key_") });
  await sendDay(world, 1, { units });
  const { rolloutId } = await world.start({ unit: "key", stages: STAGES, guardrails: [COST] });
  await sendDay(world, 2, { units });
  const [cost] = await evaluated(world, rolloutId);
  expect(cost?.adjustment?.units).toEqual(cost?.units);
});

describe("the comparison is plain", () => {
  test("for users whose requests are older than 7 days", async () => {
    const world = await newWorld();
    await sendDay(world, 1);
    world.move(8 * DAY_MS);
    const { rolloutId } = await world.start({ stages: STAGES, guardrails: [COST] });
    await sendDay(world, 2);
    expect((await evaluated(world, rolloutId))[0]).toMatchObject({ adjustment: null, harm: expect.any(Number) });
  });

  test("for users of another project, and for new users", async () => {
    const [other, world] = [await newWorld(), await newWorld()];
    await sendDay(other, 1);
    await sendDay(world, 1, { from: 5_000 });
    const { rolloutId } = await world.start({ stages: STAGES, guardrails: [COST] });
    await sendDay(world, 2);
    expect((await evaluated(world, rolloutId))[0]).toMatchObject({ adjustment: null, harm: expect.any(Number) });
  });

  test("if the past cannot be read, and the log says so", async () => {
    const world = await newWorld();
    const warnings: object[] = [];
    const broken = world.open({
      log: { warn: (facts: object) => warnings.push(facts) } as never,
      columnar: {
        ...columnar,
        async command() {
          throw new Error("no space left");
        },
      },
    });
    await sendDay(world, 1);
    const { rolloutId } = await world.start({ stages: STAGES, guardrails: [COST] });
    await sendDay(world, 2);
    await broken.evaluate();
    const { evidence, lastError } = await world.read(rolloutId);
    expect(evidence?.metrics[0]).toMatchObject({ adjustment: null, harm: expect.any(Number) });
    expect(lastError).toBe("");
    expect(warnings).toMatchObject([{ rolloutId, error: { message: "no space left" } }]);
  });
});

test("the past is read once, so requests after the start do not change it", async () => {
  const world = await newWorld();
  await sendDay(world, 1);
  const { rolloutId } = await world.start({ stages: STAGES, guardrails: [COST] });
  await sendDay(world, 2);
  const sql = `SELECT place, source, means FROM unit_pasts WHERE rollout_id = {rolloutId:String} ORDER BY source, place`;
  const read = () => columnar.selectTable({ sql, params: { rolloutId } });
  const [first] = await evaluated(world, rolloutId);
  const { rows } = await read();
  // Each user once, and the row that says that all are stored.
  expect(rows).toHaveLength(USERS + 1);
  await sendDay(world, 3);
  const [second] = await evaluated(world, rolloutId);
  await world.open().evaluate();
  expect((await read()).rows).toEqual(rows);
  const { slope, centre, fittedAt } = first?.adjustment ?? {};
  expect(second?.adjustment).toMatchObject({ slope, centre, fittedAt });
  world.move(DAY_MS);
  const [tomorrow] = await evaluated(world, rolloutId);
  expect(tomorrow?.adjustment?.slope).not.toBe(slope);
});

test("the engine hashes a unit as the gateway does", async () => {
  const units = ["user:ada", "key:key_1", "user:", `user:${"x".repeat(300)}`, "user:a'b\\c"];
  const sql = `SELECT ${hashUnitSql("{salt:String}", "unit")} AS hash FROM (SELECT arrayJoin({units:Array(String)}) AS unit)`;
  const row = z.object({ hash: z.coerce.number() });
  const rows = await columnar.select({ sql, params: { salt: "rollout_1", units }, row });
  expect(rows.map(({ hash }) => hash)).toEqual(units.map((unit) => hashUnit("rollout_1", unit)));
});
