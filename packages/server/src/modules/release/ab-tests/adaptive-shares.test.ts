import { AbTestInput, frontiersApi } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { JobRun } from "../../../platform/jobs/port.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createFrontiers } from "../frontiers/service.ts";
import { createWorld, FAILED } from "../rollouts/testing/rollout-world.ts";
import type { AbTestDeps } from "./deps.ts";
import { createAbTests } from "./service.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

const MINUTE = 60_000;
const VARIANTS = ["old", "new", "third"].map((name) => ({ name, model: `m-${name}`, weight: 1 }));
const PLAN = {
  name: "Shorter prompt",
  control: "old",
  arms: [
    { variant: "old", share: 0.5 },
    { variant: "new", share: 0.5 },
  ],
  metrics: [
    { metric: { kind: "error" }, margin: 0.02 },
    { metric: { kind: "score", name: "helpful", maturityMinutes: 0 }, direction: "higher", margin: 0.05 },
  ],
  allocation: "adaptive",
  adaptive: { goal: "error" },
};

/** A project with an endpoint, its tests, and their job, which is run by hand. */
async function newWorld() {
  const world = await createWorld({ db: postgres.db, columnar }, VARIANTS);
  const { scope, endpoints, endpointId, audit, now, signal } = world;
  const problems: object[] = [];
  let isAway = false;
  let adapt = async (): Promise<unknown> => undefined;
  const orders: { kind: { name: string }; everySeconds?: number }[] = [];
  const jobs: AbTestDeps["jobs"] = {
    register(_kind, handler) {
      const job = { jobId: "job_1", scope, payload: {}, state: null, signal, report() {}, async save() {} };
      adapt = () => handler.run(job as unknown as JobRun<never, never>);
    },
    send: async (_tx, _scope, order) => `job_${orders.push(order)}`,
  };
  const tests = createAbTests({
    db: postgres.db,
    columnar: { select: (query) => (isAway ? Promise.reject(new Error("away")) : columnar.select(query)) },
    endpoints,
    audit,
    clock: { now, elapsed: now },
    jobs,
    log: { warn: (fields: object) => void problems.push(fields) },
  });
  const draft = (more: object = {}) => tests.create(scope, AbTestInput.parse({ endpointId, ...PLAN, ...more }));
  return {
    ...world,
    tests,
    problems,
    orders,
    draft,
    adapt: () => adapt(),
    setAway: (next: boolean) => {
      isAway = next;
    },
    async begin(more: object = {}) {
      return (await tests.start(scope, (await draft(more)).abTestId)).abTestId;
    },
    /** With three digits. */
    shares: async () => (await world.endpoint()).abTest?.adaptive?.shares.map((share) => Number(share.toFixed(3))),
    history: async (abTestId: string) =>
      (await tests.listEvents(scope, abTestId, { limit: 100, only: "shares" })).items.toReversed(),
  };
}
const failing = (wanted: string, every: number) => (variant: string, place: number) =>
  variant === wanted && place % every === 0 ? FAILED : {};

describe("adaptive shares", () => {
  test("move to the better variant, down to the smallest share, and each change is an event with its counts", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    expect(world.orders).toMatchObject([{ kind: { name: "ab-tests" }, everySeconds: 10 }]);
    await world.send({ users: 1_500 }, failing("new", 3));
    await world.adapt();
    expect(await world.shares()).toEqual([0.95, 0.05]);
    const history = await world.history(abTestId);
    expect(history).toMatchObject([{ kind: "shares", report: null, actor: "system" }]);
    const [old, fresh] = history[0]?.shares ?? [];
    expect([old?.value, (old?.units ?? 0) + (fresh?.units ?? 0)]).toEqual([0, 1_500]);
    expect(fresh?.value).toBeGreaterThan(0.25);
    expect((await world.tests.get(world.scope, abTestId)).shares).toEqual(history[0]?.shares);
    const { items } = await world.tests.listEvents(world.scope, abTestId, { limit: 100, only: "decisions" });
    expect(items.map(({ kind }) => kind)).toEqual(["started", "created"]);
  });

  test("follow a score whose higher values are better, with top-two too", async () => {
    const world = await newWorld();
    await world.begin({
      arms: VARIANTS.map(({ name }) => ({ variant: name, share: 0.333 })),
      adaptive: { goal: "score:helpful", method: "top-two", floor: 0.1 },
    });
    const sent = await world.send({ users: 1_200 });
    const scores: Readonly<Record<string, number>> = { old: 0.2, new: 0.9, third: 0.4 };
    await world.score(sent, ({ variant }, place) => (scores[variant] ?? 0) + (place % 2) / 10);
    await world.adapt();
    // Half of what the smallest shares leave, for the certain winner.
    expect(await world.shares()).toEqual([0.275, 0.45, 0.275]);
  });

  test("stay while a variant has too few units, and without a change there is no event", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 150 }, failing("new", 2));
    await world.adapt();
    expect(await world.history(abTestId)).toEqual([]);
    expect(await world.shares()).toEqual([0.5, 0.5]);
    await world.send({ users: 600, from: 150 }, failing("new", 2));
    await world.adapt();
    const [change] = await world.history(abTestId);
    await world.send({ users: 400, from: 750 }, failing("new", 2));
    await world.adapt();
    expect(await world.history(abTestId)).toHaveLength(1);
    const { shares } = await world.tests.get(world.scope, abTestId);
    const unitsOf = (list: typeof shares | undefined) => (list ?? []).reduce((sum, { units }) => sum + units, 0);
    expect([unitsOf(change?.shares), unitsOf(shares)]).toEqual([750, 1_150]);
    expect(shares?.map(({ share }) => share)).toEqual(change?.shares?.map(({ share }) => share));
  });

  test("stay while the store of spans is away, and move later", async () => {
    const world = await newWorld();
    await world.begin();
    await world.send({ users: 800 }, failing("new", 2));
    world.setAway(true);
    await world.adapt();
    expect(world.problems).toMatchObject([{ error: new Error("away") }]);
    expect(await world.shares()).toEqual([0.5, 0.5]);
    world.setAway(false);
    await world.adapt();
    expect(await world.shares()).toEqual([0.95, 0.05]);
  });

  test("end with the test, whose history remains", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 800 }, failing("new", 2));
    await world.adapt();
    await world.tests.stop(world.scope, abTestId);
    await world.adapt();
    expect((await world.endpoint()).abTest).toBeNull();
    expect(await world.history(abTestId)).toHaveLength(1);
    expect((await world.tests.get(world.scope, abTestId)).shares).toEqual((await world.history(abTestId))[0]?.shares);
  });
});

test("the report reads the holdout alone, with an even division", async () => {
  const world = await newWorld();
  const abTestId = await world.begin({ adaptive: { goal: "error", holdout: 0.25 } });
  await world.send({ users: 1_000 }, failing("new", 2));
  await world.adapt();
  const sent = await world.send({ users: 2_000, from: 1_000 }, failing("new", 2));
  world.move(2 * MINUTE);
  const report = await world.tests.report(world.scope, abTestId);
  const units = report.arms.map((arm) => arm.units);
  const inside = units.reduce((sum, count) => sum + count, 0);
  expect(inside + report.excluded.outsideHoldout).toBe(3_000);
  // Four standard errors.
  expect(Math.abs(inside - 750)).toBeLessThan(95);
  expect(Math.abs((units[0] ?? 0) - inside / 2)).toBeLessThan(60);
  expect(report.ratio.isEven).toBe(true);
  // Outside the holdout, nearly all have gone to the better variant.
  expect(sent.filter(({ variant }) => variant === "old").length).toBeGreaterThan(1_500);
  expect(report.arms[1]?.metrics[0]).toMatchObject({ verdict: "worse" });
});

test("the first draws outside the holdout are read by bucket", async () => {
  const world = await newWorld();
  const abTestId = await world.begin();
  const first = await world.send({ users: 600 }, failing("new", 2));
  await world.adapt();
  // Sent again under other shares, without a memory: many change their variant.
  await world.send({ users: 600 });
  const outside = first.filter(({ span }) => (span.assignment?.bucket ?? 0) >= 0.1);
  const drawn = await world.tests.loadDrawn(world.scope.projectId, abTestId);
  expect(world.problems).toEqual([]);
  expect(drawn?.size).toBe(outside.length);
  for (const { variant, span } of outside)
    expect(drawn?.get(span.assignment?.bucket ?? -1)).toEqual({ variant, propensity: 0.5 });
  world.setAway(true);
  expect(await world.tests.loadDrawn(world.scope.projectId, abTestId)).toBeNull();
});

test("cost and quality count the holdout alone", async () => {
  const world = await newWorld();
  await world.begin({ adaptive: { goal: "error", holdout: 0.2 } });
  const sent = await world.send({ users: 1_000 });
  const { listHoldouts } = world.tests;
  const frontiers = createFrontiers({ columnar, endpoints: world.endpoints, listHoldouts, clock: { now: world.now } });
  const query = frontiersApi["GET /api/v1/endpoints/:endpointId/frontier"].query.parse({});
  const { variants } = await frontiers.get(world.scope, world.endpointId, query);
  const inside = sent.filter(({ span }) => (span.assignment?.bucket ?? 1) < 0.2).length;
  expect(variants.reduce((sum, { quality }) => sum + quality.units, 0)).toBe(inside);
});

test.each([
  ["adaptive shares without a goal", { adaptive: null }, /Set `adaptive.goal` to one of: error, score:helpful/],
  ["a goal that is not a metric", { adaptive: { goal: "cost" } }, /"cost" is not a metric of this test/],
  ["a smallest share of half", { adaptive: { goal: "error", floor: 0.4 }, arms: thirds() }, /less than 33.3 %/],
  ["top-two of two variants", { adaptive: { goal: "error", method: "top-two" } }, /add a third variant/],
  ["a fixed split with a goal", { allocation: "fixed" }, /leave out `adaptive`/],
])("a test with %s is refused", async (_, more, message) => {
  const world = await newWorld();
  await expect(world.draft(more)).rejects.toThrow(message);
});

function thirds() {
  return VARIANTS.map(({ name }) => ({ variant: name, share: 0.333 }));
}

test.each([
  [{ holdout: 0.01 }, /at least 5 %/],
  [{ holdout: 0.6 }, /at most 50 %/],
  [{ floor: 0 }, /at least 1 %/],
])("a test with %j is refused", (more, message) =>
  expect(() => AbTestInput.parse({ ...PLAN, endpointId: "end_1", adaptive: { goal: "error", ...more } })).toThrow(
    message,
  ),
);
