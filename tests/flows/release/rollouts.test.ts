import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import { type ScriptedJudge, startScriptedJudge } from "../../setup/scripted-judge.ts";
import { type AskAll, createAskAll, type Shop, startShop } from "../../setup/scripted-shop.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let judge: ScriptedJudge;
let shops: readonly Shop[] = [];
let call: Client["call"];
let askAll: AskAll;

const BUDGET_MS = 4_000;
/** Each arm needs 100 users. At a share of 60 %, the control has fewer in one of two million runs. */
const ENOUGH = 360;

beforeAll(async () => {
  [judge, ...shops] = await Promise.all([startScriptedJudge(), startShop(), startShop()]);
  treadle = await openSharedTreadle();
  askAll = createAskAll(treadle);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const shared = { preset: "vllm" as const, maxRetries: 0, keys: [{ value: "sk-a" }] };
  const [now, next] = shops;
  for (const [slug, baseUrl] of [
    ["now", now?.url],
    ["next", next?.url],
    ["judges", judge.url],
  ] as const)
    await call("POST /api/v1/connections", { body: { ...shared, slug, baseUrl: baseUrl ?? "", models: ["some"] } });
  for (const [model, price] of [
    ["fine", 10],
    ["costly", 20],
  ] as const) {
    const body = { provider: "*", model, inputUsdPerMillion: price, outputUsdPerMillion: price };
    await call("POST /api/v1/model-prices", { body });
  }
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  await judge?.close();
  for (const shop of shops) shop.close();
});

type Plan = RequestFor<"POST /api/v1/rollouts">["body"];
const STAGE = { share: 0.5, minUnits: 1_000, minMinutes: 60 };

/** An endpoint whose candidate uses this model of the next provider, and its rollout, which is running. */
async function startRollout(name: string, model: string, plan: Pick<Plan, "guardrails"> & Partial<Plan>) {
  const variants = [
    { name: "old", model: "now/fine", weight: 1 },
    { name: "new", model: `next/${model}`, weight: 0 },
  ];
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
  const body: Plan = { endpointId, candidate: "new", control: "old", unit: "user", stages: [STAGE], ...plan };
  const { rolloutId } = await call("POST /api/v1/rollouts", { body });
  await call("POST /api/v1/rollouts/:rolloutId/start", { params: { rolloutId } });
  return {
    rolloutId,
    endpoint: () => call("GET /api/v1/endpoints/:endpointId", { params: { endpointId } }),
    get: () => call("GET /api/v1/rollouts/:rolloutId", { params: { rolloutId } }),
  };
}

const patient = { timeout: 200_000, interval: 500 };
const LONG = 400_000;

async function expectRollback(
  { get, endpoint }: Awaited<ReturnType<typeof startRollout>>,
  name: string,
  metric: string,
): Promise<void> {
  const rollout = await vi.waitFor(async () => {
    const current = await get();
    expect(current.state).toBe("rolled-back");
    return current;
  }, patient);
  expect(rollout).toMatchObject({ reason: "harm", message: expect.stringContaining(`worse in ${metric}`) });
  expect((await endpoint()).rollout).toBeNull();
  expect(new Set((await askAll(name, 10)).values())).toEqual(new Set(["old"]));
}

test.concurrent("a candidate with errors is rolled back by itself", { timeout: LONG }, async () => {
  const rollout = await startRollout("errors", "shaky", { guardrails: [{ metric: { kind: "error" }, margin: 0.02 }] });
  await askAll("errors", 90);
  await expectRollback(rollout, "errors", "error");
});

test.concurrent("a candidate that is slow is rolled back by itself", { timeout: LONG }, async () => {
  const guardrails = [{ metric: { kind: "latency" as const, budgetMs: BUDGET_MS }, margin: 0.05 }];
  const rollout = await startRollout("latency", "slow", { guardrails });
  await askAll("latency", 40, 40);
  await expectRollback(rollout, "latency", "latency");
});

test.concurrent("a candidate that costs more is rolled back by itself", { timeout: LONG }, async () => {
  const rollout = await startRollout("cost", "costly", { guardrails: [{ metric: { kind: "cost" }, margin: 0.1 }] });
  await askAll("cost", 270);
  await expectRollback(rollout, "cost", "cost");
});

test.concurrent("a candidate with poor answers is rolled back by the judge's scores", { timeout: LONG }, async () => {
  const criteria = [{ name: "useful", description: "It helps." }];
  const scorers = [{ kind: "rubric", name: "useful", params: { model: "judges/strict-1", criteria } }];
  await call("POST /api/v1/live-scoring", { body: { name: "useful", filter: "endpoint:judged", scorers } });
  const metric = { kind: "score" as const, name: "useful", maturityMinutes: 0 };
  const guardrails = [{ metric, direction: "higher" as const, margin: 0.1 }];
  const rollout = await startRollout("judged", "poor", { guardrails });
  await askAll("judged", 270);
  await expectRollback(rollout, "judged", "score:useful");
});

test.concurrent("an equal candidate is promoted through its stages, and no user goes back", {
  timeout: LONG,
}, async () => {
  const stages = [0.5, 0.6].map((share) => ({ share, minUnits: 60, minMinutes: 0 }));
  const guardrails = [{ metric: { kind: "error" as const }, margin: 0.2 }];
  const rollout = await startRollout("equal", "fine", { guardrails, stages });
  const isAtStage = (stage: number) =>
    vi.waitFor(async () => expect(await rollout.get()).toMatchObject({ state: "running", stage }), patient);
  await isAtStage(0);
  const first = await askAll("equal", ENOUGH);
  await isAtStage(1);
  const second = await askAll("equal", ENOUGH);
  await vi.waitFor(async () => expect(await rollout.get()).toMatchObject({ state: "promoted" }), patient);
  const third = await askAll("equal", ENOUGH);
  const moved = [...first].filter(([user, variant]) => variant === "old" && second.get(user) === "new");
  expect(moved.length).toBeGreaterThan(5);
  for (const [user, variant] of first) if (variant === "new") expect(second.get(user)).toBe("new");
  expect(new Set(third.values())).toEqual(new Set(["new"]));
  expect(await rollout.endpoint()).toMatchObject({ version: 2, rollout: null });
  const { items: events } = await call("GET /api/v1/rollouts/:rolloutId/events", {
    params: { rolloutId: rollout.rolloutId },
  });
  expect(events.map(({ kind }) => kind)).toEqual(["promoted", "next-stage", "started", "created"]);
  const { items: points } = await call("GET /api/v1/rollouts/:rolloutId/points", {
    params: { rolloutId: rollout.rolloutId },
  });
  expect(points.map(({ stage }) => stage)).toContain(1);
});

test.concurrent("a candidate with too little traffic is paused, not promoted", { timeout: LONG }, async () => {
  const guardrails = [{ metric: { kind: "error" as const }, margin: 0.2 }];
  const stages = [{ share: 0.5, minUnits: 100, minMinutes: 0 }];
  const rollout = await startRollout("quiet", "fine", { guardrails, stages, maxDays: 20 / 86_400 });
  await askAll("quiet", 12);
  await vi.waitFor(async () => expect(await rollout.get()).toMatchObject({ state: "paused" }), patient);
  expect(await rollout.get()).toMatchObject({ reason: "inconclusive", share: 0 });
  const filter = `rollout:${rollout.rolloutId} variant:new`;
  const { items } = await call("GET /api/v1/spans", { query: { filter } });
  expect(items.length).toBeGreaterThan(0);
});
