import { frontiersApi } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, FAILED } from "../rollouts/testing/rollout-world.ts";
import { createFrontiers } from "./service.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

const VARIANTS = [
  { name: "old", model: "m-old", weight: 2 },
  { name: "new", model: "m-new", weight: 1 },
  { name: "third", model: "m-third", weight: 1 },
];
const QUERY = frontiersApi["GET /api/v1/endpoints/:endpointId/frontier"].query;
const COSTS: Readonly<Record<string, number>> = { old: 0.02, new: 0.01, third: 0.005 };

const listHoldouts = async () => [];

async function newWorld(variants = VARIANTS) {
  const world = await createWorld({ db: postgres.db, columnar }, variants);
  const frontiers = createFrontiers({ columnar, endpoints: world.endpoints, listHoldouts, clock: { now: world.now } });
  return {
    ...world,
    async frontier(query: object = {}) {
      const frontier = await frontiers.get(world.scope, world.endpointId, QUERY.parse(query));
      return { ...frontier, of: (name: string) => frontier.variants.find(({ variant }) => variant === name) };
    },
  };
}

test("the cheapest variant that is shown not to be worse is found", async () => {
  const world = await newWorld();
  await world.send({ users: 4_000 }, (variant, place) => ({
    costUsd: COSTS[variant] ?? null,
    ...(variant === "third" && place % 4 === 0 ? FAILED : {}),
  }));
  const { cheapestNotWorse, of } = await world.frontier({ margin: 0.03 });
  expect(cheapestNotWorse).toBe("new");
  expect(of("old")).toMatchObject({ isCurrent: true, isNotWorse: null, isOnFrontier: false });
  expect(of("new")).toMatchObject({ isNotWorse: true, isOnFrontier: true, daysTogether: 1 });
  expect(of("third")).toMatchObject({ isNotWorse: false, isOnFrontier: true });
  expect(of("third")?.qualityHarm?.lowerBound).toBeGreaterThan(0.15);
  expect(of("new")?.cost.mean).toBeCloseTo(0.01, 9);
});

test("a score is the quality, and few units show nothing", async () => {
  const world = await newWorld();
  const sent = await world.send({ users: 200 }, (variant) => ({ costUsd: COSTS[variant] ?? null }));
  await world.score(sent, ({ variant }, place) => (variant === "new" ? 0.9 : 0.5) + (place % 2) / 100);
  const { cheapestNotWorse, of } = await world.frontier({ quality: "helpful", margin: 0.2 });
  expect(cheapestNotWorse).toBeNull();
  expect(of("new")).toMatchObject({ isNotWorse: false, qualityHarm: null });
  expect(of("new")?.quality.mean).toBeCloseTo(0.905, 2);
});

test("a bad day of all variants is not a difference between them", async () => {
  const world = await newWorld();
  const cost = (variant: string) => ({ costUsd: COSTS[variant] ?? null });
  // On the first day only the current variant answers, and everything is fine.
  await world.send({ users: 1_500, from: 10_000, forced: "" }, (variant) => ({
    ...cost(variant),
    ...(variant === "old" ? {} : { variant: "old", costUsd: 0.02 }),
  }));
  world.move(DAY_MS);
  await world.send({ users: 6_000 }, (variant, place) => ({
    ...cost(variant),
    ...((place * 7) % 4 === 0 ? FAILED : {}),
  }));
  const { of } = await world.frontier({ margin: 0.1 });
  expect(of("new")?.quality.mean).toBeLessThan((of("old")?.quality.mean ?? 0) - 0.03);
  expect(Math.abs(of("new")?.qualityHarm?.harm ?? 1)).toBeLessThan(0.04);
  expect(of("new")).toMatchObject({ isNotWorse: true, daysTogether: 1 });
});

test("a user of several days is one unit", async () => {
  const world = await newWorld();
  for (let day = 0; day < 4; day += 1) {
    await world.send({ users: 600 }, (variant) => ({ costUsd: COSTS[variant] ?? null }));
    world.move(DAY_MS);
  }
  const { of, variants } = await world.frontier();
  expect(variants.reduce((sum, { quality }) => sum + quality.units, 0)).toBe(600);
  expect(of("new")?.daysTogether).toBe(4);
});

test("requests whose variant the caller named do not count", async () => {
  const world = await newWorld();
  await world.send({ users: 300, forced: "new" });
  const { of } = await world.frontier();
  expect(of("new")?.quality).toEqual({ units: 0, mean: null, lowerBound: null, upperBound: null });
});

test("another project's endpoint is not found", async () => {
  const [world, other] = await Promise.all([newWorld(), newWorld()]);
  const frontiers = createFrontiers({ columnar, endpoints: other.endpoints, listHoldouts, clock: { now: world.now } });
  await expect(frontiers.get(other.scope, world.endpointId, QUERY.parse({}))).rejects.toMatchObject({
    code: "not_found",
  });
});
