import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type AskAll, createAskAll, type Shop, startShop } from "../../setup/scripted-shop.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let shop: Shop;
let second: Shop;
let call: Client["call"];
let askAll: AskAll;

beforeAll(async () => {
  [shop, second] = await Promise.all([startShop(), startShop()]);
  treadle = await openSharedTreadle();
  askAll = createAskAll(treadle);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const body = { preset: "vllm" as const, maxRetries: 0, keys: [{ value: "sk-a" }], slug: "abshop", models: ["some"] };
  await call("POST /api/v1/connections", { body: { ...body, baseUrl: shop.url } });
  await call("POST /api/v1/connections", { body: { ...body, slug: "absecond", baseUrl: second.url } });
  for (const [model, price] of [
    ["ab-dear", 20],
    ["ab-cheap", 10],
  ] as const) {
    const prices = { provider: "*", model, inputUsdPerMillion: price, outputUsdPerMillion: price };
    await call("POST /api/v1/model-prices", { body: prices });
  }
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  shop?.close();
  second?.close();
});

const USERS = 300;
const patient = { timeout: 200_000, interval: 1_000 };
const LONG = 400_000;

/** An endpoint of two variants, and a draft of their test. */
async function draft(name: string, models: readonly [control: string, other: string], more: object = {}) {
  const [control, other] = models;
  const modelOf = (model: string) => (model.includes("/") ? model : `abshop/${model}`);
  const variants = [
    { name: "current", model: modelOf(control), weight: 4 },
    { name: "other", model: modelOf(other), weight: 0 },
  ];
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
  const { abTestId } = await call("POST /api/v1/ab-tests", {
    body: {
      name,
      endpointId,
      control: "current",
      arms: variants.map((variant) => ({ variant: variant.name, share: 0.5 })),
      metrics: [
        { metric: { kind: "error" }, margin: 0.05 },
        { metric: { kind: "cost" }, margin: 0.1 },
      ],
      expectedUnits: 300,
      ...more,
    },
  });
  const params = { abTestId };
  return {
    endpointId,
    params,
    endpoint: () => call("GET /api/v1/endpoints/:endpointId", { params: { endpointId } }),
    /** The report once all requests are counted. */
    counted: () =>
      vi.waitFor(async () => {
        const report = await call("GET /api/v1/ab-tests/:abTestId/report", { params });
        expect(report.arms.reduce((sum, { units }) => sum + units, 0)).toBe(USERS);
        return report;
      }, patient),
  };
}

test.concurrent("a cheaper variant is found better in cost, and its pick is one new version", {
  timeout: LONG,
}, async () => {
  const { params, endpointId, endpoint, counted } = await draft("ab-cost", ["ab-dear", "ab-cheap"]);
  await call("POST /api/v1/ab-tests/:abTestId/start", { params });
  const first = await askAll("ab-cost", USERS);
  expect(Math.abs([...first.values()].filter((variant) => variant === "other").length - USERS / 2)).toBeLessThan(40);
  const report = await counted();
  const other = report.arms.find(({ variant }) => variant === "other");
  expect(other?.metrics.find(({ key }) => key === "cost")).toMatchObject({ verdict: "better", isNotWorse: true });
  expect(other?.metrics.find(({ key }) => key === "error")?.verdict).not.toBe("worse");
  expect(report.ratio.isEven).toBe(true);
  const query = { days: 1, margin: 0.2 };
  const frontier = await call("GET /api/v1/endpoints/:endpointId/frontier", { params: { endpointId }, query });
  expect(frontier.cheapestNotWorse).toBe("other");
  await call("POST /api/v1/ab-tests/:abTestId/pick", { params, body: { variant: "other" } });
  expect(await endpoint()).toMatchObject({ version: 2, abTest: null });
  expect(new Set((await askAll("ab-cost", 20)).values())).toEqual(new Set(["other"]));
});

test.concurrent("a variant with errors is found worse, and a stop gives the traffic back", {
  timeout: LONG,
}, async () => {
  const { params, endpoint, counted } = await draft("ab-errors", ["ab-cheap", "shaky"]);
  await call("POST /api/v1/ab-tests/:abTestId/start", { params });
  await askAll("ab-errors", USERS);
  const report = await counted();
  const found = report.arms.find(({ variant }) => variant === "other")?.metrics.find(({ key }) => key === "error");
  expect(found).toMatchObject({ verdict: "worse", isNotWorse: false });
  expect(await call("POST /api/v1/ab-tests/:abTestId/stop", { params })).toMatchObject({ state: "stopped" });
  expect(await endpoint()).toMatchObject({ version: 1, abTest: null });
  expect(new Set((await askAll("ab-errors", 20)).values())).toEqual(new Set(["current"]));
  const { items } = await call("GET /api/v1/ab-tests/:abTestId/events", { params });
  expect(items.map(({ kind }) => kind)).toEqual(["stopped", "started", "created"]);
});

test.concurrent("adaptive shares move to the cheaper provider, and no user changes the variant", {
  timeout: LONG,
}, async () => {
  const adaptive = { goal: "cost", holdout: 0.2 };
  const models = ["ab-dear", "absecond/ab-cheap"] as const;
  const { params, endpoint } = await draft("ab-adaptive", models, { allocation: "adaptive", adaptive });
  const read = () => call("GET /api/v1/ab-tests/:abTestId/report", { params });
  await call("POST /api/v1/ab-tests/:abTestId/start", { params });
  expect((await endpoint()).abTest?.adaptive).toEqual({ holdout: 0.2, shares: [0.5, 0.5] });
  const first = await askAll("ab-adaptive", USERS);
  await vi.waitFor(async () => expect((await endpoint()).abTest?.adaptive?.shares[1]).toBeCloseTo(0.95, 3), patient);
  const later = await askAll("ab-adaptive", 2 * USERS);
  for (const [user, variant] of first) expect(later.get(user)).toBe(variant);
  const fresh = [...later].filter(([user]) => !first.has(user));
  // 80 % of 95 % and 20 % of 50 % are 86 %.
  expect(fresh.filter(([, variant]) => variant === "other").length).toBeGreaterThan(0.75 * USERS);
  const report = await vi.waitFor(async () => {
    const current = await read();
    const inside = current.arms.reduce((sum, { units }) => sum + units, 0);
    expect(inside + current.excluded.outsideHoldout).toBe(2 * USERS);
    return current;
  }, patient);
  expect(report.excluded.changedVariant).toBe(0);
  expect(report.excluded.outsideHoldout).toBeGreaterThan(1.4 * USERS);
  const query = { only: "shares" as const };
  const { items } = await call("GET /api/v1/ab-tests/:abTestId/events", { params, query });
  expect(items.at(-1)?.shares?.reduce((sum, { units }) => sum + units, 0)).toBe(USERS);
});

test.concurrent("bad input is refused with what to do", { timeout: LONG }, async () => {
  const { params, endpointId } = await draft("ab-refused", ["ab-cheap", "ab-dear"]);
  await expect(call("GET /api/v1/ab-tests/:abTestId/report", { params })).rejects.toThrow(/has not started/);
  const noGoal = draft("ab-no-goal", ["ab-cheap", "ab-dear"], { allocation: "adaptive" });
  await expect(noGoal).rejects.toThrow(/Set `adaptive.goal` to one of: error, cost/);
  await call("POST /api/v1/ab-tests/:abTestId/start", { params });
  await expect(call("POST /api/v1/ab-tests/:abTestId/start", { params })).rejects.toThrow(/It must be a draft/);
  const body = { variant: "lost" };
  await expect(call("POST /api/v1/ab-tests/:abTestId/pick", { params, body })).rejects.toThrow(/is not an arm/);
  const query = { by: "colour" };
  await expect(call("GET /api/v1/ab-tests/:abTestId/segments", { params, query })).rejects.toThrow(/tag/);
  await expect(call("DELETE /api/v1/endpoints/:endpointId", { params: { endpointId } })).rejects.toThrow(/A\/B test/);
});
