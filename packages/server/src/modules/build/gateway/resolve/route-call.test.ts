import type { FailureClass, RoutingStrategy } from "@treadle/contract";
import { beforeEach, describe, expect, test } from "vitest";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { connectionTo, endpointOf, fallbacksTo } from "../testing/open-gateway.ts";
import type { Units } from "./assign-variant.ts";
import { createModelResolver } from "./resolve-model.ts";
import { createLoads } from "./routing/loads.ts";
import type { PlanCaller } from "./target.ts";

const UNITS: Units = {
  user: "",
  session: "",
  conversation: () => "",
  isContinued: () => false,
  key: "key_1",
  request: "r0",
};
const VARIANTS = ["a", "b", "c"].map((name) => ({ name, model: `openai/${name}`, weight: 1 }));
const PRICES: Readonly<Record<string, number>> = { a: 3, b: 1 };

let now = 0;
let calls = 0;
let loads: ReturnType<typeof createLoads>;
let closed: Set<string>;
let plan: (
  endpoint: ResolvedEndpoint,
  caller?: Partial<PlanCaller>,
) => ReturnType<ReturnType<typeof createModelResolver>["plan"]>;

beforeEach(() => {
  now = 0;
  calls = 0;
  closed = new Set();
  loads = createLoads({ elapsed: () => now });
  const endpoints = new Map<string, ResolvedEndpoint>();
  const resolver = createModelResolver({
    connections: { resolve: async () => [connectionTo("http://127.0.0.1:1/v1")] },
    endpoints: { resolve: async () => endpoints },
    models: { isLocal: () => false, absence: () => null, listReady: () => [] },
    registered: { resolve: async () => null, names: async () => [] },
    clock: { elapsed: () => now },
    random: () => 0.5,
    loads,
    isAvailable: (circuit) => !closed.has(circuit),
    prices: { cost: (_project, { model, usage }) => (PRICES[model] ?? Number.NaN) * usage.inputTokens || null },
    detectLanguage: async (text) => ({ language: text === "Hallo" ? "de" : "en", confidence: 1 }),
    loadDrawn: async () => new Map(),
  });
  plan = (endpoint, caller = {}) => {
    endpoints.set(endpoint.name, endpoint);
    return resolver.plan("p", endpoint.name, callerOf(caller));
  };
});

const callerOf = ({ units, request, ...more }: Partial<PlanCaller>): PlanCaller => ({
  fallbacks: [],
  variant: "",
  ...more,
  units: { ...UNITS, request: `r${calls++}`, ...units },
  request: {
    tags: [],
    user: "",
    isStream: true,
    header: () => undefined,
    lastUserText: () => "",
    inputTokens: () => 100,
    maxOutputTokens: null,
    ...request,
  },
});
const withUnits = (more: Partial<Units>) => ({ units: { ...UNITS, request: `r${calls++}`, ...more } });
const endpointBy = (strategy: RoutingStrategy, more: Parameters<typeof endpointOf>[1] = {}) =>
  endpointOf("support", { strategy, variants: VARIANTS, ...more });
const measure = (variant: string, ms: number) =>
  loads.measure(`end_support ${variant} stream conn_openai ${variant}`, ms);

async function share(endpoint: ResolvedEndpoint, count = 400) {
  const counts: Record<string, number> = {};
  for (let call = 0; call < count; call++) {
    const name = (await plan(endpoint)).assignment?.variant.name ?? "";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("by latency", () => {
  test("almost all calls go to the fastest variant, with the probability of the draw on the span", async () => {
    measure("a", 900);
    measure("b", 100);
    measure("c", 800);
    const { a = 0, b = 0, c = 0 } = await share(endpointBy("latency"));
    expect(b).toBeGreaterThan(370);
    expect(a + c).toBeGreaterThan(0);
    const { assignment } = await plan(endpointBy("latency"));
    const expected = assignment?.variant.name === "b" ? 0.95 + 0.05 / 3 : 0.05 / 3;
    expect(assignment?.propensity).toBeCloseTo(expected, 9);
  });

  test("a variant that becomes slow loses its calls", async () => {
    measure("a", 100);
    measure("b", 400);
    measure("c", 400);
    expect((await share(endpointBy("latency"))).a).toBeGreaterThan(370);
    for (let count = 0; count < 20; count++) measure("a", 2_000);
    expect((await share(endpointBy("latency"))).a ?? 0).toBeLessThan(30);
  });

  test("whole answers are measured apart from streams", async () => {
    measure("a", 100);
    measure("b", 900);
    measure("c", 900);
    const { assignment } = await plan(endpointBy("latency"), { request: { ...callerOf({}).request, isStream: false } });
    expect(assignment?.propensity).toBeCloseTo(1 / 3, 9);
  });
});

test("by requests in flight, the variant with the fewest gets the call", async () => {
  const release = loads.begin("conn_openai a");
  loads.begin("conn_openai b");
  expect(await share(endpointBy("busy"), 20)).toEqual({ c: 20 });
  release();
  expect(Object.keys(await share(endpointBy("busy"), 40)).sort()).toEqual(["a", "c"]);
});

test("by cost, the cheapest variant gets every call, with certainty", async () => {
  const { assignment } = await plan(endpointBy("cost"));
  expect(assignment).toMatchObject({ variant: { name: "b" }, propensity: 1, isForced: false });
  expect(await share(endpointBy("cost"), 20)).toEqual({ b: 20 });
});

test("a variant whose circuit is open is not chosen by what is measured", async () => {
  closed.add("conn_openai b");
  expect(await share(endpointBy("cost"), 20)).toEqual({ a: 20 });
});

describe("what stays together", () => {
  const turn = (isContinued: boolean, more: Partial<Units> = {}) =>
    withUnits({ conversation: () => "hello", isContinued: () => isContinued, ...more });

  test("a conversation stays on its variant between two turns, with the probability of its first turn", async () => {
    const endpoint = endpointBy("busy");
    loads.begin("conn_openai a");
    loads.begin("conn_openai b");
    const first = await plan(endpoint, turn(false));
    expect(first.assignment).toMatchObject({ variant: { name: "c" }, propensity: 1, unitKind: "conversation" });
    for (let count = 0; count < 5; count++) loads.begin("conn_openai c");
    const second = await plan(endpoint, turn(true));
    expect(second.assignment).toMatchObject({ variant: { name: "c" }, propensity: 1, isForced: false });
    expect((await plan(endpoint, turn(false))).assignment?.variant.name).not.toBe("c");
  });

  test("a conversation stays on its variant when another rule matches", async () => {
    const endpoint = endpointBy("weight", {
      rules: ["de", "en"].map((value, place) => ({
        when: [{ fact: "language" as const, value }],
        variants: [place === 0 ? "a" : "b"],
      })),
    });
    const speak = (text: string, isContinued: boolean) => ({
      ...turn(isContinued),
      request: { ...callerOf({}).request, lastUserText: () => text },
    });
    expect((await plan(endpoint, speak("Hallo", false))).assignment?.variant.name).toBe("a");
    expect((await plan(endpoint, speak("Hello", true))).assignment?.variant.name).toBe("a");
    expect((await plan(endpoint, speak("Hello", false))).assignment?.variant.name).toBe("b");
  });

  test("a session stays, and a key does not hold all its requests together", async () => {
    const endpoint = endpointBy("busy");
    const session = () => withUnits({ session: "s1" });
    loads.begin("conn_openai a");
    loads.begin("conn_openai b");
    expect((await plan(endpoint, session())).assignment).toMatchObject({ variant: { name: "c" }, unitKind: "session" });
    for (let count = 0; count < 3; count++) loads.begin("conn_openai c");
    expect((await plan(endpoint, session())).assignment?.variant.name).toBe("c");
    expect((await plan(endpoint)).assignment).toMatchObject({ unitKind: "request" });
    expect((await plan(endpoint)).assignment?.variant.name).not.toBe("c");
  });

  test("is forgotten after an hour without a request", async () => {
    const endpoint = endpointBy("cost");
    expect((await plan(endpoint, turn(false))).assignment?.variant.name).toBe("b");
    closed.add("conn_openai b");
    now += 3_599_000;
    expect((await plan(endpoint, turn(true))).assignment?.variant.name).toBe("b");
    now += 3_600_000;
    expect((await plan(endpoint, turn(true))).assignment?.variant.name).toBe("a");
  });

  test("leaves a variant that was set to weight 0", async () => {
    expect((await plan(endpointBy("cost"), turn(false))).assignment?.variant.name).toBe("b");
    const variants = VARIANTS.map((variant) => (variant.name === "b" ? { ...variant, weight: 0 } : variant));
    expect((await plan(endpointBy("cost", { variants }), turn(true))).assignment?.variant.name).toBe("a");
  });
});

describe("rules", () => {
  const ruled = (variants: string[], more: Parameters<typeof endpointOf>[1] = {}) =>
    endpointBy("weight", { rules: [{ when: [{ fact: "tag", value: "vip" }], variants }], ...more });
  const vip = () => ({ request: { ...callerOf({}).request, tags: ["vip"] } });

  test("limit the variants, and the probability is that among them", async () => {
    const { assignment } = await plan(ruled(["b", "c"]), vip());
    expect(["b", "c"]).toContain(assignment?.variant.name);
    expect(assignment?.propensity).toBe(0.5);
    expect((await plan(ruled(["b"]), vip())).assignment).toMatchObject({ variant: { name: "b" }, propensity: 1 });
    expect((await plan(ruled(["b"]))).assignment?.propensity).toBeCloseTo(1 / 3, 9);
  });

  test("can name a variant that gets no other request", async () => {
    const variants = VARIANTS.map((variant) => (variant.name === "c" ? { ...variant, weight: 0 } : variant));
    expect((await plan(ruled(["c"], { variants }), vip())).assignment).toMatchObject({
      variant: { name: "c" },
      propensity: 1,
    });
  });

  test("give way to the variant that the caller names", async () => {
    const { assignment } = await plan(ruled(["b"]), { ...vip(), variant: "a" });
    expect(assignment).toMatchObject({ variant: { name: "a" }, isForced: true });
  });

  test("lead past a rollout, unless they name both of its variants", async () => {
    const variants = VARIANTS.map((variant) => (variant.name === "a" ? { ...variant, weight: 0 } : variant));
    const rollout = { rolloutId: "rol_1", candidate: "a", control: "b", share: 1 };
    const past = await plan(ruled(["c"], { variants, rollout }), vip());
    expect(past.assignment).toMatchObject({ variant: { name: "c" }, rolloutId: "", propensity: 1 });
    const within = await plan(ruled(["a", "b"], { variants, rollout }), vip());
    expect(within.assignment).toMatchObject({ variant: { name: "a" }, rolloutId: "rol_1", propensity: 1 });
  });
});

describe("the order of attempts", () => {
  const namesOf = async (endpoint: ResolvedEndpoint, caller: Partial<PlanCaller> = {}) =>
    (await plan(endpoint, caller)).targets.map(({ model }) => model);
  const priced = (...models: string[]) =>
    models.map((model) => ({ model: `openai/${model}`, on: ["error"] as FailureClass[], priority: 1 }));

  test("is the variant, then the fallbacks, then those of the caller", async () => {
    const endpoint = endpointBy("cost", { fallbacks: fallbacksTo("openai/x", "openai/y") });
    expect(await namesOf(endpoint, { fallbacks: ["openai/z"] })).toEqual(["b", "x", "y", "z"]);
  });

  test("has the other variants before the fallbacks if they stand in for each other, by priority", async () => {
    const variants = VARIANTS.map((variant, place) => ({ ...variant, priority: place === 0 ? 2 : 1 }));
    const endpoint = endpointBy("cost", { failover: "variants", variants, fallbacks: fallbacksTo("openai/x") });
    expect(await namesOf(endpoint)).toEqual(["b", "c", "a", "x"]);
  });

  test("has no other variant during a rollout, or if the caller named one", async () => {
    const variants = VARIANTS.map((variant) => (variant.name === "a" ? { ...variant, weight: 0 } : variant));
    const rollout = { rolloutId: "rol_1", candidate: "a", control: "b", share: 1 };
    expect(await namesOf(endpointBy("weight", { failover: "variants", variants, rollout }))).toEqual(["a"]);
    expect(await namesOf(endpointBy("weight", { failover: "variants" }), { variant: "b" })).toEqual(["b"]);
  });

  test("of fallbacks with one priority is that of the strategy, and what is not available comes last", async () => {
    const endpoint = endpointBy("cost", {
      variants: [{ name: "v", model: "openai/v", weight: 1 }],
      fallbacks: priced("a", "b", "c"),
    });
    expect(await namesOf(endpoint)).toEqual(["v", "b", "a", "c"]);
    closed.add("conn_openai b");
    expect(await namesOf(endpoint)).toEqual(["v", "a", "c", "b"]);
  });

  test("begins with a fallback for what is unavailable if the variant's model is gone", async () => {
    const gone = { variants: [{ name: "gone", model: "gone/x", weight: 1 }] };
    const long = { model: "openai/long", on: ["context-length"] as FailureClass[], priority: 1 };
    const spare = { model: "openai/spare", on: ["unavailable"] as FailureClass[], priority: 2 };
    expect(await namesOf(endpointBy("weight", { ...gone, fallbacks: [long, spare] }))).toEqual(["spare", "long"]);
    await expect(plan(endpointBy("weight", { ...gone, fallbacks: [long] }))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
