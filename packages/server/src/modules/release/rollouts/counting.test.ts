import { afterAll, beforeAll, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, FAILED, type Sent } from "./testing/rollout-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = () => createWorld({ db: postgres.db, columnar });

const LONG_STAGE = [{ share: 0.5, minUnits: 100, minMinutes: 60 }];
const HELPFUL = { metric: { kind: "score", name: "helpful", maturityMinutes: 0 }, direction: "higher", margin: 0.05 };
const isNew = ({ variant }: Sent) => variant === "new";

test("where the request is the unit, each request counts", async () => {
  const world = await newWorld();
  const guardrails = [{ metric: { kind: "error" }, margin: 0.4 }, HELPFUL];
  const { rolloutId } = await world.start({ unit: "request", stages: LONG_STAGE, guardrails });
  let request = 0;
  const units = () => {
    request += 1;
    return { user: "", key: "", request: `r${request}` };
  };
  const calls = await world.send({ users: 400, units }, (_variant, place) => (place % 20 === 0 ? FAILED : {}));
  await world.score(calls, (_call, place) => (place % 2) / 2);
  await world.evaluate();
  const { evidence } = await world.read(rolloutId);
  const candidate = calls.filter(isNew);
  expect(evidence?.units).toEqual({ candidate: candidate.length, control: 400 - candidate.length });
  expect(evidence?.requests).toEqual(evidence?.units);
  const failed = candidate.filter(({ span }) => span.status === "error").length;
  const [errors, scores] = evidence?.metrics ?? [];
  expect(errors?.values.candidate).toBeCloseTo(failed / candidate.length, 12);
  expect(scores?.units.candidate).toBe(candidate.length - failed);
  expect(scores?.missing.candidate).toBe(failed);
});

test("a unit's value is the mean of its requests", async () => {
  const world = await newWorld();
  const guardrails = [{ metric: { kind: "cost" }, margin: 0.1 }];
  const { rolloutId } = await world.start({ stages: LONG_STAGE, guardrails });
  const first = await world.send({ users: 120 }, () => ({ costUsd: 0.01 }));
  await world.send({ users: 120 }, () => ({ costUsd: 0.03 }));
  await world.send({ users: 120 }, () => ({ costUsd: null }));
  await world.evaluate();
  const [cost] = (await world.read(rolloutId)).evidence?.metrics ?? [];
  expect(cost?.units.candidate).toBe(first.filter(isNew).length);
  expect(cost?.values.candidate).toBeCloseTo(0.02, 12);
});

test("a score of a whole trace counts for its requests, unless a request has one itself, and the newest counts", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({ stages: LONG_STAGE, guardrails: [HELPFUL] });
  const calls = await world.send({ users: 100 });
  const wholeTrace = calls.map((call) => ({ ...call, span: { ...call.span, spanId: "" } }));
  await world.score(wholeTrace, () => 0.2);
  await world.evaluate();
  const early = (await world.read(rolloutId)).evidence?.metrics[0];
  expect(early?.values).toEqual({ candidate: expect.closeTo(0.2, 12), control: expect.closeTo(0.2, 12) });
  await world.score(calls, () => 0.5);
  world.move(1_000);
  await world.score(calls, (call) => (isNew(call) ? 0.9 : null));
  await world.evaluate();
  const late = (await world.read(rolloutId)).evidence?.metrics[0];
  expect(late?.values).toEqual({ candidate: expect.closeTo(0.9, 12), control: expect.closeTo(0.5, 12) });
});

test("a response of a fallback has no score", async () => {
  const world = await newWorld();
  const { rolloutId } = await world.start({ stages: LONG_STAGE, guardrails: [HELPFUL] });
  const attempt = { connection: "shop", provider: "openai", status: 200, error: "", durationMs: 1 };
  const attempts = [
    { ...attempt, model: "m-new", status: 503, error: "busy" },
    { ...attempt, model: "m-old" },
  ];
  const calls = await world.send({ users: 60 }, (variant) => (variant === "new" ? { attempts } : {}));
  await world.score(calls, () => 0.7);
  await world.evaluate();
  const { evidence } = await world.read(rolloutId);
  expect(evidence?.metrics[0]?.values).toEqual({ candidate: null, control: expect.closeTo(0.7, 12) });
  expect(evidence?.metrics[0]?.missing.candidate).toBe(calls.filter(isNew).length);
});

test("requests of another project with the same ids do not count", async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  const { rolloutId } = await world.start({ stages: LONG_STAGE });
  await other.start({ stages: LONG_STAGE });
  await other.send({ users: 50 }, () => ({ rolloutId }));
  world.move(20_000);
  await world.evaluate();
  expect((await world.read(rolloutId)).evidence?.units).toEqual({ candidate: 0, control: 0 });
});
