import { createRandom } from "@treadle/metrics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createCollector } from "./evidence/collect.ts";
import { createIncidentWorld, type IncidentWorld, NO_MEANS } from "./testing/incident-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = () => createIncidentWorld({ db: postgres.db, columnar });
const MODELS = ["gpt-x", "gpt-y", "gpt-z"];
const RELEASES = ["v41", "v42"];

const collect = (world: IncidentWorld, measure: string, more: object = {}) =>
  createCollector({
    columnar,
    audit: world.audit,
    namesOf: async () => new Map([["user_ada", "Ada"]]),
    evidence: { ...NO_MEANS, ...more },
  })({
    scope: world.scope,
    subject: {
      incidentId: "inc_1",
      filter: "",
      measure,
      from: new Date(world.now() - 600_000),
      to: new Date(world.now()),
    },
    signal: new AbortController().signal,
  });

/** Traffic over all models, releases, endpoints and users. */
const mixed = (random: () => number) => ({
  responseModel: MODELS[Math.floor(random() * 3)] ?? "",
  release: RELEASES[Math.floor(random() * 2)] ?? "",
  endpoint: ["support", "search"][Math.floor(random() * 2)] ?? "",
  userId: `u${Math.floor(random() * 20)}`,
  tags: random() < 0.3 ? ["beta"] : [],
});
const failed = { status: "error", errorType: "server_error", durationMs: 900 } as const;

describe("the worst segment", () => {
  test("is the model in the release in which the failure was planted", async () => {
    const world = await newWorld();
    const random = createRandom(7).next;
    await world.send(600, [20, 10], () => ({ ...mixed(random), ...(random() < 0.02 ? failed : {}) }));
    await world.send(600, [10, 0], () => {
      const span = mixed(random);
      const isPlanted = span.responseModel === "gpt-x" && span.release === "v42";
      return { ...span, ...(random() < (isPlanted ? 0.6 : 0.02) ? failed : {}) };
    });
    const evidence = await collect(world, "errorRate");
    expect(evidence.worst?.parts).toEqual([
      { dimension: "model", value: "gpt-x" },
      { dimension: "release", value: "v42" },
    ]);
    expect(evidence.sentence).toMatch(
      /^The error rate rose to \S+ % \(600 spans\) from \S+ % \(600 spans\) in the time before\./,
    );
    expect(evidence.sentence).toContain('model "gpt-x" with release "v42"');
    expect(evidence.sentence).toContain("This shows where the change is, not why.");
    const [comparison] = evidence.comparisons;
    const models = comparison?.segments.filter(({ parts }) => parts.length === 1 && parts[0]?.dimension === "model");
    expect(models?.reduce((sum, { change }) => sum + change, 0)).toBeCloseTo(comparison?.change ?? 0, 10);
    expect(evidence.affected).toMatchObject({ filter: "status:error" });
    expect(evidence.affected.items).toHaveLength(50);
    expect(evidence.affected.items.filter(({ chosen }) => chosen === "worst")).toHaveLength(25);
    expect(new Set(evidence.affected.items.map(({ traceId }) => traceId)).size).toBe(50);
    const outcome = comparison?.segments.find(({ parts }) => parts[0]?.value === "server_error");
    expect(outcome).toMatchObject({ isOutcome: true });
  });

  test.each([1, 2, 3, 4, 5])("is not named when only chance differs (seed %i)", async (seed) => {
    const world = await newWorld();
    const random = createRandom(seed * 101).next;
    const noise = () => ({ ...mixed(random), ...(random() < 0.05 ? failed : {}) });
    await world.send(400, [20, 10], noise);
    await world.send(400, [10, 0], noise);
    const evidence = await collect(world, "errorRate");
    expect(evidence.worst).toBeNull();
    expect(evidence.sentence).toContain("stands out");
    expect(evidence.comparisons[0]?.tested).toBeGreaterThan(20);
  });

  test("is not named when everything got worse alike", async () => {
    const world = await newWorld();
    const random = createRandom(11).next;
    await world.send(500, [20, 10], () => ({ ...mixed(random), ...(random() < 0.05 ? failed : {}) }));
    await world.send(500, [10, 0], () => ({ ...mixed(random), ...(random() < 0.5 ? failed : {}) }));
    const evidence = await collect(world, "errorRate");
    expect(evidence.sentence).toContain("The error rate rose");
    expect(evidence.worst).toBeNull();
  });

  test("is found for slow spans, for costs and for the number of calls", async () => {
    const world = await newWorld();
    const random = createRandom(5).next;
    await world.send(400, [20, 10], () => ({ ...mixed(random), durationMs: 100 + random() * 50, costUsd: 0.01 }));
    await world.send(700, [10, 0], (place) => {
      const span = place < 400 ? mixed(random) : { ...mixed(random), endpoint: "search" };
      const isSlow = span.endpoint === "search";
      return { ...span, durationMs: (isSlow ? 400 : 100) + random() * 50, costUsd: isSlow ? 0.05 : 0.01 };
    });
    for (const measure of ["latencyP95Ms", "latencyAvgMs", "costUsd", "count"]) {
      const { worst, sentence } = await collect(world, measure);
      expect([measure, worst?.parts[0]], sentence).toEqual([measure, { dimension: "endpoint", value: "search" }]);
    }
    const { affected, events } = await collect(world, "latencyP95Ms");
    expect(events).toMatch(/^spans that took longer than 1\d\d ms, the 95th percentile of the time before$/);
    expect(affected.filter).toMatch(/^latency>1\d\dms$/);
    expect(affected.items[0]?.value).toBeGreaterThan(440);
  });

  test("is found for a score", async () => {
    const world = await newWorld();
    const random = createRandom(9).next;
    const scores: object[] = [];
    const time = world.now() * 1_000;
    const scored = (of: (model: string) => number) => () => {
      const span = {
        ...mixed(random),
        traceId: random().toString(16).slice(2, 14).padEnd(32, "a"),
        spanId: "b".repeat(16),
      };
      const value = of(span.responseModel) + random() * 0.2;
      scores.push({
        project_id: world.scope.projectId,
        time,
        trace_id: span.traceId,
        span_id: span.spanId,
        name: "helpful",
        value,
        source: "scorer",
      });
      return span;
    };
    await world.send(
      200,
      [20, 10],
      scored(() => 0.7),
    );
    await world.send(
      200,
      [10, 0],
      scored((model) => (model === "gpt-z" ? 0.2 : 0.7)),
    );
    await columnar.insert("scores", scores as Record<string, unknown>[]);
    const { worst, sentence } = await collect(world, "score.helpful");
    expect(worst?.parts, sentence).toEqual([{ dimension: "model", value: "gpt-z" }]);
    expect(sentence).toContain("The mean of the score helpful fell");
  });
});

test("a time range without spans claims nothing", async () => {
  const world = await newWorld();
  const evidence = await collect(world, "errorRate");
  expect(evidence.sentence).toBe(
    "There are no spans to compare in this time range, so nothing is known about the cause.",
  );
  expect(evidence.affected).toMatchObject({ traces: 0, spans: 0, items: [] });
});

test("changes, providers and suggestions are those around the time range", async () => {
  const world = await newWorld();
  const attempt = (connection: string, status: number) => ({
    connection,
    provider: "openai",
    model: "m",
    status,
    error: "",
    durationMs: 5,
  });
  await world.send(40, [20, 10], () => ({
    release: "v1",
    promptName: "reply",
    promptVersion: "3",
    attempts: [attempt("shop", 200)],
  }));
  world.move(-11);
  const move = { name: "reply", label: "production", fromVersion: 3, toVersion: 4, kind: "moved", message: "" };
  await world.audit.record(world.scope, { action: "prompt.label.moved", target: "prompt_1", details: move });
  await world.audit.record(world.scope, { action: "api-key.create", target: "key_1" });
  world.move(11);
  await world.send(40, [10, 0], (place) => ({
    release: "v2",
    promptName: "reply",
    promptVersion: "4",
    attempts: place % 2 === 0 ? [attempt("shop", 500), attempt("spare", 200)] : [attempt("shop", 200)],
    ...(place % 2 === 0 ? failed : {}),
  }));
  const evidence = await collect(world, "errorRate", {
    listBreakers: async () => [{ connection: "shop", model: "m", state: "open" }],
    listRollouts: async () => [
      {
        rolloutId: "roll_1",
        endpoint: "support",
        candidate: "new",
        state: "running",
        startedAt: "2026-11-20T09:00:00Z",
        endedAt: null,
      },
    ],
    findRun: async (_scope: unknown, { version }: { version: number }) => `run_${version}`,
    listDrift: async () => [{ title: "Questions are longer", at: "2026-11-20T09:00:00Z", path: "/drift/d1" }],
  });
  expect(evidence.changes.map(({ title, actor }) => [title, actor])).toEqual([
    ["Prompt version reply@4 appears for the first time", ""],
    ["Release v2 appears for the first time", ""],
    ["Prompt reply: label production moved from version 3 to 4", "Ada"],
  ]);
  expect(evidence.providers).toEqual([
    {
      connection: "shop",
      provider: "openai",
      model: "m",
      attempts: 40,
      errorRate: 0.5,
      beforeAttempts: 40,
      beforeErrorRate: 0,
      breaker: "open",
    },
    {
      connection: "spare",
      provider: "openai",
      model: "m",
      attempts: 20,
      errorRate: 0,
      beforeAttempts: 0,
      beforeErrorRate: null,
      breaker: "closed",
    },
  ]);
  expect(evidence.suggestions.map(({ kind, title, path }) => [kind, title, path])).toEqual([
    ["rollback", "Roll back new on support", "/rollouts/roll_1"],
    ["label", "Move the label production of reply back to version 3", "/prompts/reply"],
    ["bisect", "Bisect reply from version 3 to 4", "/experiments/compare?base=run_3&heads=run_4&head=run_4"],
  ]);
  expect(evidence.drift).toHaveLength(1);
});
