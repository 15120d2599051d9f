import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import { type ScriptedJudge, startScriptedJudge } from "../../setup/scripted-judge.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

type Shop = { readonly url: string; close(): void };

let treadle: SharedTreadle;
let judge: ScriptedJudge;
let shops: readonly Shop[] = [];
let call: Client["call"];

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const SLOW_MS = 6_000;
const BUDGET_MS = 4_000;

/** A provider whose model's name says how it answers. `shaky` fails in every third request. */
async function startShop(): Promise<Shop> {
  let shaky = 0;
  const server = createServer(async (request, response) => {
    const { model } = JSON.parse(await read(request));
    if (model === "shaky") shaky += 1;
    response.setHeader("content-type", "application/json");
    if (model === "shaky" && shaky % 3 === 0) {
      response.statusCode = 500;
      response.end(JSON.stringify({ error: { message: "It broke.", type: "server_error" } }));
      return;
    }
    if (model === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const message = { role: "assistant", content: model === "poor" ? "bad answer" : "good answer" };
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, close: () => void server.close() };
}

beforeAll(async () => {
  [judge, ...shops] = await Promise.all([startScriptedJudge(), startShop(), startShop()]);
  treadle = await openSharedTreadle();
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

/** One request; gives the variant that answered. */
async function ask(endpoint: string, user: string): Promise<string> {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${treadle.apiKey}`,
      "content-type": "application/json",
      "x-treadle-user": user,
    },
    body: JSON.stringify({ model: endpoint, messages: [{ role: "user", content: `Hello from ${user}` }] }),
  });
  await response.text();
  return response.headers.get("x-treadle-variant") ?? "";
}

/** One request of each user, some at a time. */
async function askAll(endpoint: string, users: number, atOnce = 20): Promise<ReadonlyMap<string, string>> {
  const variants = new Map<string, string>();
  let next = 0;
  async function work(): Promise<void> {
    for (let place = next++; place < users; place = next++) variants.set(`u${place}`, await ask(endpoint, `u${place}`));
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return variants;
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
  const first = await askAll("equal", 270);
  await isAtStage(1);
  const second = await askAll("equal", 270);
  await vi.waitFor(async () => expect(await rollout.get()).toMatchObject({ state: "promoted" }), patient);
  const third = await askAll("equal", 270);
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
