import { AbTestInput, RolloutInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, FAILED, PLAN } from "../rollouts/testing/rollout-world.ts";
import { createAbTests } from "./service.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

const MINUTE = 60_000;
const NO_JOBS = { register() {}, send: async () => "job_1" };
const SILENT = { warn() {} };
const VARIANTS = [
  { name: "old", model: "m-old", weight: 3 },
  { name: "new", model: "m-new", weight: 0 },
  { name: "third", model: "m-third", weight: 1 },
];
const HALVES = {
  name: "Shorter prompt",
  control: "old",
  arms: [
    { variant: "old", share: 0.5 },
    { variant: "new", share: 0.5 },
  ],
  metrics: [{ metric: { kind: "error" }, margin: 0.02 }],
};

/** A project with an endpoint of three variants, and its tests. */
async function newWorld(variants = VARIANTS) {
  const world = await createWorld({ db: postgres.db, columnar }, variants);
  const { scope, endpoints, endpointId, audit, now } = world;
  const { db } = postgres;
  const clock = { now, elapsed: now };
  const tests = createAbTests({ db, columnar, endpoints, audit, clock, jobs: NO_JOBS, log: SILENT });
  const draft = (more: object = {}) => tests.create(scope, AbTestInput.parse({ endpointId, ...HALVES, ...more }));
  return {
    ...world,
    tests,
    draft,
    async begin(more: object = {}) {
      const { abTestId } = await tests.start(scope, (await draft(more)).abTestId);
      return abTestId;
    },
    report: (abTestId: string) => tests.report(scope, abTestId),
  };
}

type Report = Awaited<ReturnType<Awaited<ReturnType<typeof newWorld>>["report"]>>;
const findingOf = ({ arms }: Report, variant: string, key: string) =>
  arms.find((arm) => arm.variant === variant)?.metrics.find((metric) => metric.key === key);

describe("a report", () => {
  test("names each arm and metric better, worse or equivalent", async () => {
    const world = await newWorld();
    const abTestId = await world.begin({
      arms: ["old", "new", "third"].map((variant) => ({ variant, share: 0.333 })),
      metrics: [
        { metric: { kind: "error" }, margin: 0.1 },
        { metric: { kind: "cost" }, margin: 0.1 },
        { metric: { kind: "score", name: "helpful", maturityMinutes: 0 }, direction: "higher", margin: 0.2 },
      ],
    });
    const sent = await world.send({ users: 3_000 }, (variant, place) => ({
      ...(variant === "new" && place % 3 === 0 ? FAILED : {}),
      costUsd: variant === "third" ? 0.005 + (place % 5) / 10_000 : 0.01 + (place % 5) / 10_000,
    }));
    await world.score(sent, ({ variant }, place) => (variant === "third" ? 0.9 : 0.3) + (place % 2) / 10);
    world.move(2 * MINUTE);
    const report = await world.report(abTestId);
    expect(report).toMatchObject({ comparisons: 6, alpha: 0.05 / 6, ratio: { isEven: true } });
    expect(findingOf(report, "old", "error")).toMatchObject({ verdict: null, harm: null, value: 0 });
    expect(findingOf(report, "new", "error")).toMatchObject({ verdict: "worse", isNotWorse: false, moreUnits: 0 });
    expect(findingOf(report, "third", "error")).toMatchObject({ verdict: "equivalent", isNotWorse: true });
    expect(findingOf(report, "third", "cost")).toMatchObject({ verdict: "better" });
    expect(findingOf(report, "third", "score:helpful")).toMatchObject({ verdict: "better" });
    expect(findingOf(report, "new", "score:helpful")).toMatchObject({ verdict: "equivalent" });
    const units = report.arms.map((arm) => arm.units);
    expect(units.reduce((sum, count) => sum + count, 0)).toBe(3_000);
    for (const count of units) expect(Math.abs(count - 1_000)).toBeLessThan(110);
  });

  test("is inconclusive with too few units, and says how many more it takes", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 60 });
    expect(findingOf(await world.report(abTestId), "new", "error")).toMatchObject({
      verdict: "collecting",
      harm: null,
    });
    await world.send({ users: 400, from: 60 }, (_, place) => (place % 10 === 0 ? FAILED : {}));
    const found = findingOf(await world.report(abTestId), "new", "error");
    expect(found).toMatchObject({ verdict: "inconclusive", isNotWorse: false });
    expect(found?.moreUnits).toBeGreaterThan(1_000);
  });

  test("leaves out named variants, other units and units that two arms answered, and counts them", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 300 });
    await world.send({ users: 20, from: 1_000, forced: "new" }, () => FAILED);
    await world.send({ users: 10, from: 2_000, units: () => ({ user: "", session: "s" }) }, () => FAILED);
    // The same users again, with the other variant under their bucket.
    await world.send({ users: 5 }, (variant) => ({ variant: variant === "old" ? "new" : "old" }));
    const report = await world.report(abTestId);
    expect(report.excluded).toEqual({ forced: 20, otherUnit: 10, changedVariant: 5, outsideHoldout: 0 });
    expect(report.arms.map(({ units }) => units).reduce((sum, count) => sum + count, 0)).toBe(295);
    expect(findingOf(report, "new", "error")?.value).toBe(0);
  });

  test("shows that units are not divided as intended", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 2_000 }, (variant, place) => (variant === "new" && place % 2 ? { rolloutId: "" } : {}));
    world.move(2 * MINUTE);
    expect((await world.report(abTestId)).ratio).toMatchObject({ isEven: false });
  });

  test("uses the users' own past, which makes the interval narrower", async () => {
    const world = await newWorld();
    const habit = (place: number) => 0.01 + (place % 50) / 1_000;
    const cost = (place: number) => ({ costUsd: habit(place) + ((place * 7) % 10) / 10_000 });
    await world.send({ users: 600 }, (_, place) => cost(place));
    world.move(DAY_MS);
    const metrics = [{ metric: { kind: "cost" }, margin: 0.05 }];
    const abTestId = await world.begin({ metrics });
    await world.send({ users: 600 }, (_, place) => cost(place));
    const before = findingOf(await world.report(abTestId), "new", "cost");
    world.move(DAY_MS);
    const after = findingOf(await world.report(abTestId), "new", "cost");
    expect(before?.explained).toBeNull();
    expect(after?.explained).toBeGreaterThan(0.95);
    const widthOf = (one: typeof after) => (one?.upperBound ?? 0) - (one?.lowerBound ?? 0);
    expect(widthOf(after)).toBeLessThan(widthOf(before) / 2);
    expect(Math.abs(after?.harm ?? 1)).toBeLessThan(Math.abs(before?.harm ?? 0) + 0.02);
  });
});

describe("segments", () => {
  const PLANS = ["free", "pro", "team"];
  const planOf = (place: number) => PLANS[place % 3] ?? "";

  test("show harm that only one plan has", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 3_000 }, (variant, place) => ({
      metadata: { plan: planOf(place) },
      tags: ["all", planOf(place)],
      ...(variant === "new" && planOf(place) === "pro" && place % 2 ? FAILED : {}),
    }));
    const found = await world.tests.segments(world.scope, abTestId, "metadata:plan");
    expect(found).toMatchObject({ comparisons: 3, alpha: 0.05 / 3, worst: { segment: "pro", variant: "new" } });
    expect(found.segments.map(({ segment }) => segment).toSorted()).toEqual(PLANS);
    const byTag = await world.tests.segments(world.scope, abTestId, "tag");
    expect(byTag.segments[0]?.segment).toBe("all");
    expect(byTag.worst).toMatchObject({ segment: "pro" });
  });

  test("claim nothing when the arms are equal", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 4_000 }, (_, place) => ({
      metadata: { city: `city ${(place * 13) % 30}` },
      ...((place * 31) % 11 === 0 ? FAILED : {}),
    }));
    const found = await world.tests.segments(world.scope, abTestId, "metadata:city");
    expect(found).toMatchObject({ comparisons: 20, leftOut: 10, worst: null });
  });
});

describe("the life of a test", () => {
  test("a stop gives the traffic back to the weights, and the report remains", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    expect((await world.endpoint()).abTest).toMatchObject({ abTestId });
    await world.send({ users: 400 });
    await world.tests.stop(world.scope, abTestId);
    const endpoint = await world.endpoint();
    expect(endpoint).toMatchObject({ abTest: null, version: 1 });
    const sent = await world.send({ users: 200 });
    expect(new Set(sent.map(({ variant }) => variant))).toEqual(new Set(["old", "third"]));
    const report = await world.report(abTestId);
    expect(report.arms.reduce((sum, { units }) => sum + units, 0)).toBe(400);
    const events = (await world.tests.listEvents(world.scope, abTestId, { limit: 10 })).items;
    expect(events.map(({ kind }) => kind)).toEqual(["stopped", "started", "created"]);
    expect(events[0]?.report).toEqual(report);
    expect((await world.audits(abTestId)).map(({ action }) => action)).toEqual([
      "ab-test.created",
      "ab-test.started",
      "ab-test.stopped",
    ]);
  });

  test("the winner gets the weight of all arms in one new version", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 50 });
    expect(await world.tests.pick(world.scope, abTestId, "new")).toMatchObject({ state: "decided", winner: "new" });
    const { version, abTest, variants } = await world.endpoint();
    expect({ version, abTest }).toEqual({ version: 2, abTest: null });
    expect(variants.map(({ name, weight }) => [name, weight])).toEqual([
      ["old", 0],
      ["new", 3],
      ["third", 1],
    ]);
    await expect(world.tests.stop(world.scope, abTestId)).rejects.toThrow(/cannot stop an A\/B test that is decided/);
  });

  test("nothing else changes an endpoint during a test", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    const other = await world.draft({ name: "Second" });
    await expect(world.tests.start(world.scope, other.abTestId)).rejects.toThrow(/in another A\/B test/);
    expect(await world.tests.get(world.scope, other.abTestId)).toMatchObject({ state: "draft" });
    const rollout = RolloutInput.parse({ ...PLAN, endpointId: world.endpointId });
    const { rolloutId } = await world.rollouts.create(world.scope, rollout);
    await expect(world.rollouts.start(world.scope, rolloutId, world.signal)).rejects.toThrow(/in an A\/B test/);
    await expect(world.endpoints.delete(world.scope, world.endpointId)).rejects.toThrow(/in an A\/B test/);
    await world.tests.stop(world.scope, abTestId);
    await world.rollouts.start(world.scope, rolloutId, world.signal);
    await expect(world.tests.start(world.scope, other.abTestId)).rejects.toThrow(/in a rollout/);
    await expect(world.tests.pick(world.scope, abTestId, "new")).rejects.toThrow(/in a rollout/);
  });

  test("a test stops while the store of spans is away, and reports later", async () => {
    const world = await newWorld();
    const abTestId = await world.begin();
    await world.send({ users: 300 });
    const away = { select: () => Promise.reject(new Error("the store is away")) };
    const { scope, endpoints, audit, now } = world;
    const clock = { now, elapsed: now };
    const { db } = postgres;
    const blind = createAbTests({ db, columnar: away, endpoints, audit, clock, jobs: NO_JOBS, log: SILENT });
    expect(await blind.stop(scope, abTestId)).toMatchObject({ state: "stopped" });
    expect((await world.report(abTestId)).arms.reduce((sum, { units }) => sum + units, 0)).toBe(300);
  });

  test("only a draft can be changed or deleted", async () => {
    const world = await newWorld();
    const { abTestId } = await world.draft();
    const input = AbTestInput.parse({ ...HALVES, endpointId: world.endpointId, name: "Renamed" });
    expect(await world.tests.replace(world.scope, abTestId, input)).toMatchObject({ name: "Renamed" });
    await expect(world.report(abTestId)).rejects.toThrow(/has not started/);
    await world.tests.start(world.scope, abTestId);
    await expect(world.tests.replace(world.scope, abTestId, input)).rejects.toThrow(/It must be a draft/);
    await expect(world.tests.delete(world.scope, abTestId)).rejects.toThrow(/It must be a draft/);
    const second = await world.draft();
    await world.tests.delete(world.scope, second.abTestId);
    await expect(world.tests.get(world.scope, second.abTestId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("another project does not see it", async () => {
    const [world, other] = await Promise.all([newWorld(), newWorld()]);
    const abTestId = await world.begin();
    await expect(other.report(abTestId)).rejects.toMatchObject({ code: "not_found" });
    await expect(other.tests.stop(other.scope, abTestId)).rejects.toMatchObject({ code: "not_found" });
  });
});

test.each([
  ["an unknown variant", { arms: [HALVES.arms[0], { variant: "lost", share: 0.5 }] }, /no variant "lost"/],
  ["a variant twice", { arms: [HALVES.arms[0], HALVES.arms[0]] }, /Two arms have the variant "old"/],
  ["a control that is no arm", { control: "third" }, /is not among the arms/],
  ["shares above 1", { arms: [HALVES.arms[0], { variant: "new", share: 0.6 }] }, /add up to 1.1/],
  ["a metric twice", { metrics: [HALVES.metrics[0], HALVES.metrics[0]] }, /Use each metric once/],
])("a test with %s is refused", async (_, more, message) => {
  const world = await newWorld();
  await expect(world.draft(more)).rejects.toThrow(message);
});
