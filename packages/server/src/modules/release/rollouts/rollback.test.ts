import type { Span } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { type Behaviour, createWorld, FAILED, FELL_BACK } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = () => createWorld({ db: postgres.db, columnar });

/** Each so manieth request of the candidate is bad, and fewer of the control's. */
const worse = (
  span: Partial<Span>,
  every: { readonly new: number; readonly old: number } = { new: 3, old: 30 },
): Behaviour => {
  const count = { new: 0, old: 0 };
  return (name) => {
    const variant = name === "new" ? "new" : "old";
    count[variant] += 1;
    return count[variant] % every[variant] === 0 ? span : {};
  };
};
const output = (content: string, finish = "stop") => [
  { role: "assistant", parts: [{ type: "text", content }], finish_reason: finish },
];
const WANTS_JSON = {
  response_format: { type: "json_schema", json_schema: { schema: { required: ["city"] } } },
};

describe("a candidate that does harm is rolled back by itself", () => {
  test("for more errors, with its evidence in an event and an audit entry", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start();
    await world.send({ users: 300 }, worse(FAILED));
    await world.evaluate();
    const rollout = await world.read(rolloutId);
    expect(rollout).toMatchObject({ state: "rolled-back", reason: "harm", share: 0, endsAt: null });
    expect(rollout.message).toContain('"new"');
    expect(rollout.evidence?.units.candidate).toBeGreaterThan(20);
    expect((await world.endpoint()).rollout).toBeNull();
    const [, started, rolledBack] = await world.events(rolloutId);
    expect(started).toMatchObject({ kind: "started", actor: "user_1", share: 0.2 });
    expect(rolledBack).toMatchObject({ kind: "rolled-back", actor: "system", evidence: rollout.evidence });
    expect((await world.audits(rolloutId)).map(({ action }) => action)).toEqual([
      "rollout.created",
      "rollout.started",
      "rollout.rolled-back",
    ]);
    const after = await world.send({ users: 50, from: 1_000 });
    expect(new Set(after.map(({ variant }) => variant))).toEqual(new Set(["old"]));
  });

  test.each<[string, object, Partial<Span>]>([
    ["responses of its fallback", { kind: "error" }, FELL_BACK],
    ["latency above a budget", { kind: "latency", budgetMs: 1_000 }, { durationMs: 3_000 }],
    ["late first tokens", { kind: "first-token", budgetMs: 100 }, { timeToFirstTokenMs: 500 }],
    ["responses that are not JSON", { kind: "schema" }, { parameters: WANTS_JSON, output: output("Paris") }],
    ["responses without a required property", { kind: "schema" }, { parameters: WANTS_JSON, output: output("{}") }],
    ["refusals", { kind: "refusal" }, { output: output("", "content_filter") }],
  ])("for %s", async (_name, metric, span) => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ guardrails: [{ metric, margin: 0.05 }] });
    const good = { parameters: WANTS_JSON, output: output('{"city":"Paris"}'), timeToFirstTokenMs: 50 };
    const behave = worse(span);
    await world.send({ users: 600 }, (variant, place) => ({ ...good, ...behave(variant, place) }));
    await world.evaluate();
    const { state, reason, evidence } = await world.read(rolloutId);
    expect({ state, reason }).toEqual({ state: "rolled-back", reason: "harm" });
    expect(evidence?.metrics[0]?.values.candidate).toBeGreaterThan(0.2);
    expect(evidence?.metrics[0]?.values.control).toBeLessThan(0.1);
  });

  test("for a higher cost", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ guardrails: [{ metric: { kind: "cost" }, margin: 0.1 }] });
    const random = createRandom(3);
    await world.send({ users: 1_500 }, (variant) => ({
      costUsd: (variant === "new" ? 0.02 : 0.01) * (1 + random.normal() / 10),
    }));
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("rolled-back");
    expect(evidence?.metrics[0]?.harm).toBeCloseTo(1, 1);
  });

  test("for lower scores, once they have matured in both arms", async () => {
    const world = await newWorld();
    const metric = { kind: "score", name: "helpful", maturityMinutes: 30 };
    const { rolloutId } = await world.start({ guardrails: [{ metric, direction: "higher", margin: 0.05 }] });
    const calls = await world.send({ users: 1_200 });
    const random = createRandom(5);
    await world.score(calls, ({ variant }) => (variant === "new" ? 0.4 : 0.8) + random.normal() / 10);
    await world.evaluate();
    const early = await world.read(rolloutId);
    expect(early).toMatchObject({ state: "running" });
    expect(early.evidence?.metrics[0]).toMatchObject({ units: { candidate: 0, control: 0 }, status: "collecting" });
    world.move(31 * 60_000);
    await world.evaluate();
    const { state, evidence } = await world.read(rolloutId);
    expect(state).toBe("rolled-back");
    expect(evidence?.metrics[0]).toMatchObject({ key: "score:helpful", status: "harm" });
    expect(evidence?.metrics[0]?.harm).toBeCloseTo(0.4, 1);
  });

  test("not for few failures that end long before the other requests", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ guardrails: [{ metric: { kind: "error" }, margin: 0.5 }] });
    await world.send({ users: 600 }, (variant, place) =>
      variant === "new" && place % 10 === 0 ? { ...FAILED, durationMs: 1 } : { durationMs: 20_000 },
    );
    await world.evaluate();
    expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
  });

  test("for five failures within 30 seconds, long before there is evidence", async () => {
    const world = await newWorld();
    const { rolloutId } = await world.start({ stages: [{ share: 0.5 }] });
    let failures = 0;
    await world.send({ users: 40 }, (variant) => (variant === "new" && failures++ < 5 ? FAILED : {}));
    await world.evaluate();
    const { state, reason, evidence } = await world.read(rolloutId);
    expect({ state, reason }).toEqual({ state: "rolled-back", reason: "failures" });
    expect(evidence?.metrics[0]?.evidence).toBeLessThan(evidence?.metrics[0]?.line ?? 0);
  });

  test.each(["content_filter", "rate_limited", "quota_exceeded"])(
    "not for five requests that were rejected with %s before a provider was asked",
    async (errorType) => {
      const world = await newWorld();
      const { rolloutId } = await world.start({ stages: [{ share: 0.5 }] });
      let rejected = 0;
      const span = { status: "error", errorType, attempts: [] } as const;
      await world.send({ users: 40 }, (variant) => (variant === "new" && rejected++ < 5 ? span : {}));
      await world.evaluate();
      expect(await world.read(rolloutId)).toMatchObject({ state: "running" });
    },
  );
});

test("a holding rollout whose candidate does harm is rolled back too", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({
    stages: [{ share: 0.5, minUnits: 100, minMinutes: 0, needsApproval: true }],
  });
  await world.send({ users: 500 });
  await world.evaluate();
  expect(await world.read(rolloutId)).toMatchObject({ state: "holding", reason: "approval", share: 0.5 });
  await world.send({ users: 400, from: 500 }, worse(FAILED));
  await world.evaluate();
  expect(await world.read(rolloutId)).toMatchObject({ state: "rolled-back" });
});

test("harm that lies below the margin for certain is tolerated", async () => {
  const world = await newWorld();
  const guardrails = [{ metric: { kind: "error" }, margin: 0.5 }];
  const { rolloutId } = await world.start({ guardrails, stages: [{ share: 0.5, minUnits: 100, minMinutes: 60 }] });
  await world.send({ users: 3_000 }, worse(FAILED, { new: 10, old: 50 }));
  await world.evaluate();
  const { state, evidence } = await world.read(rolloutId);
  expect(state).toBe("running");
  expect(evidence?.metrics[0]?.evidence).toBeGreaterThan(evidence?.metrics[0]?.line ?? 9);
  expect(evidence?.metrics[0]?.status).toBe("safe");
});
