import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type AskAll, createAskAll, type Shop, startShop } from "../../setup/scripted-shop.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let shop: Shop;
let call: Client["call"];
let askAll: AskAll;
const patient = { timeout: 200_000, interval: 500 };
const LONG = 400_000;

beforeAll(async () => {
  shop = await startShop();
  treadle = await openSharedTreadle();
  askAll = createAskAll(treadle);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: { slug: "shop", preset: "vllm", baseUrl: shop.url, models: ["fine"], keys: [{ value: "sk-a" }] },
  });
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  shop?.close();
});

/** An endpoint with two equal variants, of which the new one has a policy that blocks answers with a word; and its rollout. */
async function rollOutPolicy(name: string, word: string) {
  const variants = ["old", "new"].map((variant, place) => ({ name: variant, model: "shop/fine", weight: 1 - place }));
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
  const { policyId } = await call("POST /api/v1/guard-policies", {
    body: {
      name,
      appliesTo: { endpointId, variant: "new" },
      rules: [{ detector: "words", options: { words: [word] }, scopes: ["output"], action: "block" }],
    },
  });
  const { rolloutId } = await call("POST /api/v1/rollouts", {
    body: {
      endpointId,
      candidate: "new",
      control: "old",
      unit: "user",
      stages: [{ share: 0.5, minUnits: 60, minMinutes: 0 }],
      guardrails: [{ metric: { kind: "refusal" }, margin: 0.2 }],
    },
  });
  await call("POST /api/v1/rollouts/:rolloutId/start", { params: { rolloutId } });
  const reach = (state: string) =>
    vi.waitFor(async () => {
      const rollout = await call("GET /api/v1/rollouts/:rolloutId", { params: { rolloutId } });
      expect(rollout.state).toBe(state);
      return rollout;
    }, patient);
  return { policyId, reach };
}

test.concurrent("a policy that withholds good answers is rolled back with its variant", { timeout: LONG }, async () => {
  const { reach } = await rollOutPolicy("strict", "good");
  await askAll("strict", 90);
  expect(await reach("rolled-back")).toMatchObject({ reason: "harm", message: expect.stringContaining("refusal") });
  expect(new Set((await askAll("strict", 10)).values())).toEqual(new Set(["old"]));
});

test.concurrent("a policy that withholds no good answer is promoted, and checks each call", {
  timeout: LONG,
}, async () => {
  const { reach, policyId } = await rollOutPolicy("careful", "terrible");
  await askAll("careful", 360);
  await reach("promoted");
  expect(new Set((await askAll("careful", 10)).values())).toEqual(new Set(["new"]));
  await vi.waitFor(async () => {
    const filter = `endpoint:careful guardPolicy:${policyId}@1`;
    const { items } = await call("GET /api/v1/spans", { query: { filter, limit: 100 } });
    expect(items.length).toBeGreaterThan(60);
  }, patient);
});
