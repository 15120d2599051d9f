import { endpointsApi, RolloutInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, PLAN } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = (variants?: Parameters<typeof createWorld>[1]) => createWorld({ db: postgres.db, columnar }, variants);

const ERROR = { metric: { kind: "error" }, margin: 0.1 };
const stage = (share: number, minMinutes = 1) => ({ share, minMinutes });

describe("a draft is refused", () => {
  test.each<[string, object, string]>([
    ["with a candidate that does not exist", { candidate: "gone" }, 'no variant "gone". It has: old, new.'],
    ["with one variant as both", { candidate: "old" }, "both the candidate and the control"],
    ["with shares that do not grow", { stages: [stage(0.2), stage(0.2)] }, "Shares only grow"],
    ["with stages longer than the rollout", { stages: [stage(0.1, 3_000)], maxDays: 2 }, "at least 3000 minutes"],
    ["with a metric twice", { guardrails: [ERROR, ERROR] }, "Two entries have the metric error"],
    [
      "with more errors as the better",
      { guardrails: [{ ...ERROR, direction: "higher" }] },
      "Lower is better for error",
    ],
  ])("%s", async (_name, more, words) => {
    const world = await newWorld();
    await expect(world.draft(more)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });

  test("for an endpoint whose shares are not fixed", async () => {
    const world = await newWorld();
    const { name, variants } = await world.endpoint();
    const { body } = endpointsApi["PUT /api/v1/endpoints/:endpointId"];
    const replace = (more: object) =>
      world.endpoints.replace(world.scope, world.endpointId, body.parse({ name, variants, ...more }));
    await replace({ strategy: "latency" });
    await expect(world.draft({})).rejects.toMatchObject({
      message: expect.stringContaining("chooses variants by latency"),
    });
    const other = { name: "first", model: variants[0]?.model, priority: 1 };
    const later = variants.map((variant) => ({ ...variant, priority: 2 }));
    await replace({ failover: "variants", variants: [...later, other] });
    await expect(world.draft({})).rejects.toMatchObject({
      details: { param: "control" },
      message: expect.stringContaining('"old" answers only after failures'),
    });
  });

  test("with a unit that the endpoint does not assign by", async () => {
    const world = await newWorld();
    const { name, variants } = await world.endpoint();
    const input = endpointsApi["PUT /api/v1/endpoints/:endpointId"].body.parse({ name, variants, assignBy: "session" });
    await world.endpoints.replace(world.scope, world.endpointId, input);
    await expect(world.draft({ unit: "user" })).rejects.toMatchObject({
      message: expect.stringContaining("assigns variants by session"),
    });
    await expect(world.draft({ unit: "conversation" })).resolves.toMatchObject({ state: "draft" });
  });

  test.each([
    [{ stages: [{ share: 1 }] }, "share"],
    [{ stages: [] }, "stages"],
    [{ guardrails: [{ metric: { kind: "error" }, margin: 0 }] }, "margin"],
    [{ alpha: 0.5 }, "alpha"],
    [{ surplus: true }, "surplus"],
  ])("with the shape of %j", (more, word) => {
    const result = RolloutInput.safeParse({ endpointId: "end_1", ...PLAN, ...more });
    expect(JSON.stringify(result.error?.issues)).toContain(word);
  });
});

describe("a start is refused", () => {
  test("for a second rollout of the endpoint, while the first one has it", async () => {
    const world = await newWorld();
    const first = await world.start();
    const second = await world.draft();
    const start = () => world.rollouts.start(world.scope, second.rolloutId, world.signal);
    await expect(start()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("in a rollout") });
    await world.rollouts.pause(world.scope, first.rolloutId, world.signal);
    await expect(start()).rejects.toMatchObject({ code: "conflict" });
    expect(await world.read(second.rolloutId)).toMatchObject({ state: "draft" });
    await world.rollouts.rollBack(world.scope, first.rolloutId, world.signal);
    await expect(start()).resolves.toMatchObject({ state: "running" });
  });

  test.each([
    [[0, 1], "new", 'The variant "new" has the weight 1'],
    [[1, 0], "third", 'The variant "old" has the weight 0'],
  ])("for weights of %j", async ([fresh = 0, old = 0], candidate, words) => {
    const world = await newWorld([
      { name: "old", model: "m-old", weight: candidate === "third" ? 0 : 1 },
      { name: "new", model: "m-new", weight: candidate === "third" ? fresh : old },
      { name: "third", model: "m-third", weight: 0 },
    ]);
    await expect(world.start({ candidate })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });

  test("for a latency without a budget that the control has no requests for, and takes its 95th percentile otherwise", async () => {
    const world = await newWorld();
    const guardrails = [{ metric: { kind: "latency" }, margin: 0.05 }];
    await expect(world.start({ guardrails })).rejects.toMatchObject({
      message: expect.stringContaining('"old" answered no requests in the last 7 days'),
    });
    await world.send({ users: 200 }, (_variant, place) => ({ durationMs: place < 190 ? 100 : 900 }));
    const { rolloutId } = await world.start({ guardrails, stages: [{ share: 0.3, minMinutes: 60 }] });
    await world.send({ users: 100, from: 300 });
    await world.evaluate();
    const { evidence } = await world.read(rolloutId);
    expect(evidence?.metrics[0]?.metric).toMatchObject({ kind: "latency", budgetMs: expect.closeTo(100, -2) });
  });
});

test("the endpoint of a running rollout can be neither changed nor deleted, and loses no variant", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start();
  const { name, variants } = await world.endpoint();
  const input = endpointsApi["PUT /api/v1/endpoints/:endpointId"].body.parse({ name, variants: variants.slice(0, 1) });
  const words = { code: "conflict", message: expect.stringContaining("in a rollout"), details: { rolloutId } };
  await expect(world.endpoints.replace(world.scope, world.endpointId, input)).rejects.toMatchObject(words);
  await expect(world.endpoints.delete(world.scope, world.endpointId)).rejects.toMatchObject(words);
});

test("a draft whose endpoint has changed is checked again at its start", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.draft();
  const { name, variants } = await world.endpoint();
  const input = endpointsApi["PUT /api/v1/endpoints/:endpointId"].body.parse({ name, variants: variants.slice(0, 1) });
  await world.endpoints.replace(world.scope, world.endpointId, input);
  await expect(world.rollouts.start(world.scope, rolloutId, world.signal)).rejects.toMatchObject({
    message: expect.stringContaining('no variant "new"'),
  });
});

test("a draft can be replaced and deleted, and is listed by endpoint and state", async () => {
  const world = await newWorld();
  const { rollouts, scope, endpointId } = world;
  const { rolloutId } = await world.draft();
  const other = await world.draft();
  const input = RolloutInput.parse({ endpointId, ...PLAN, maxDays: 3 });
  expect(await rollouts.replace(scope, rolloutId, input)).toMatchObject({ maxDays: 3, state: "draft" });
  const page = await rollouts.list(scope, { limit: 1, endpointId, state: "draft" });
  expect(page.items.map((item) => item.rolloutId)).toEqual([other.rolloutId]);
  const rest = await rollouts.list(scope, { limit: 5, endpointId, cursor: page.nextCursor ?? "" });
  expect(rest.items.map((item) => item.rolloutId)).toEqual([rolloutId]);
  await rollouts.delete(scope, rolloutId);
  await expect(world.read(rolloutId)).rejects.toMatchObject({ code: "not_found" });
  expect((await rollouts.list(scope, { limit: 5, state: "running" })).items).toEqual([]);
});

test("an estimate says what a rollout can find out with the traffic of the last days", async () => {
  const world = await newWorld();
  const { rollouts, scope, endpointId } = world;
  const guardrails = [
    { metric: { kind: "error" }, margin: 0.02 },
    { metric: { kind: "cost" }, margin: 0.1 },
    { metric: { kind: "score", name: "helpful" }, direction: "higher", margin: 0.05 },
  ];
  const input = RolloutInput.parse({
    endpointId,
    ...PLAN,
    stages: [{ share: 0.1, minUnits: 200 }],
    guardrails,
    alpha: 0.15,
  });
  const empty = await rollouts.estimate(scope, input);
  expect(empty).toMatchObject({ unitsPerDay: 0, stages: [{ daysToMinimum: null }] });
  expect(empty.stages[0]?.metrics[0]).toMatchObject({ controlValue: null, requestsToShowSafe: null });
  const calls = await world.send({ users: 2_000 }, (_variant, place) => ({
    costUsd: place % 2 === 0 ? 0.01 : 0.02,
    ...(place % 20 === 0 && { status: "error" as const }),
  }));
  await world.score(calls, (_call, place) => (place % 10) / 10);
  const estimate = await rollouts.estimate(scope, input);
  expect(estimate.unitsPerDay).toBeCloseTo(2_000 / 7, 5);
  const [errors, cost, score] = estimate.stages[0]?.metrics ?? [];
  expect(errors?.controlValue).toBeCloseTo(0.05, 10);
  // The simulations with the same share, rate and level find half of such candidates within 2,350 requests.
  expect(errors?.requestsToFindDouble).toBeGreaterThan(1_800);
  expect(errors?.requestsToFindDouble).toBeLessThan(2_900);
  expect(cost).toMatchObject({ controlValue: expect.closeTo(0.015, 10), requestsToFindDouble: null });
  expect(score?.controlValue).toBeCloseTo(0.45, 1);
  expect(score?.requestsToShowSafe).toBeGreaterThan(cost?.requestsToShowSafe ?? Number.POSITIVE_INFINITY);
});
