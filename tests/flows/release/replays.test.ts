import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { createWeatherApp, startWeather, type Weather } from "../../setup/scripted-weather.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: Weather;
let app: ReturnType<typeof createWeatherApp>;
let call: Client["call"];
let endpointId = "";

const CITIES = 12;
beforeAll(async () => {
  provider = await startWeather();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  app = createWeatherApp(treadle);
  const connection = { slug: "shop", preset: "vllm" as const, baseUrl: provider.url, models: ["old", "next"] };
  await call("POST /api/v1/connections", { body: { ...connection, maxRetries: 0, keys: [{ value: "sk-a" }] } });
  const variants = [
    { name: "old", model: "shop/old", weight: 1 },
    { name: "new", model: "shop/next", weight: 1 },
  ];
  ({ endpointId } = await call("POST /api/v1/endpoints", { body: { name: "weather", variants, assignBy: "user" } }));
  for (let user = 0; user < CITIES; user++) await app.recordExchange(user);
  await vi.waitFor(async () => {
    const { items } = await call("GET /api/v1/spans", { query: { filter: "endpoint:weather", limit: 100 } });
    expect(items).toHaveLength(2 * CITIES);
  }, 60_000);
}, 180_000);
afterAll(async () => {
  await treadle?.stop();
  provider?.close();
});

const body = () => ({
  name: "Weather with the next model",
  source: { kind: "traffic" as const, filter: "endpoint:weather", size: 100, expected: "answer" as const },
  candidates: [{ kind: "variant" as const, endpointId, variant: "new" }],
  scorers: [{ kind: "exact-match" }],
});

const ended = (replayId: string, state: "done" | "failed") =>
  vi.waitFor(
    async () => {
      const replay = await call("GET /api/v1/replays/:replayId", { params: { replayId } });
      expect(replay).toMatchObject({ state });
      return replay;
    },
    { timeout: 100_000, interval: 300 },
  );

test("an estimate shows what the recorded traffic contains, and calls no model", async () => {
  const before = provider.requests.length;
  const { recorded, estimate } = await call("POST /api/v1/replays/estimate", { body: body() });
  expect(recorded).toMatchObject({ spans: 24, items: 12, merged: 12, withTools: 12, toolCalls: 12, withAnswer: 12 });
  expect(estimate).toMatchObject({ items: 12, answers: 12 });
  expect(provider.requests).toHaveLength(before);
}, 60_000);

test("a candidate gets the recorded results of tools, and is compared with the recorded answers", async () => {
  const before = provider.requests.length;
  const { replayId } = await call("POST /api/v1/replays", { body: body() });
  const replay = await ended(replayId, "done");
  const [run] = replay.runs;
  expect(run).toMatchObject({
    name: "new",
    answers: 12,
    errors: 0,
    diverged: 3,
    toolCalls: 9,
    decisions: 12,
    sameDecisions: 9,
  });
  expect(run?.sameDecisionRate?.value).toBe(0.75);
  // Wilson, 9 of 12: 0.4677 to 0.9111 (statsmodels' proportion_confint).
  expect(run?.sameDecisionRate?.low).toBeCloseTo(0.4677, 3);
  expect(run?.sameDecisionRate?.high).toBeCloseTo(0.9111, 3);

  const made = provider.requests.slice(before);
  // A call for each decision, and one more after each recorded result. The seed is the recorded seed.
  expect(made).toHaveLength(12 + 9);
  expect(made.every((request) => request.model === "next" && request.body.seed === 7)).toBe(true);

  const { runId = "" } = run ?? {};
  const base = replay.baselineRunId ?? "";
  const scored = await vi.waitFor(
    async () => {
      const found = await call("GET /api/v1/runs/:runId", { params: { runId: base } });
      expect(found.status).toBe("done");
      return found;
    },
    { timeout: 60_000, interval: 300 },
  );
  expect(scored).toMatchObject({ answers: 12, errors: 0, scores: [{ value: 1, items: 12 }] });
  const experiment = await call("GET /api/v1/experiments/:experimentId", {
    params: { experimentId: replay.experimentId ?? "" },
  });
  expect(experiment).toMatchObject({ baseline: base, isReplay: true, status: "done" });
  const { heads } = await call("GET /api/v1/runs/compare", { query: { base, heads: runId } });
  // The answers that diverged have no score, so they are no pairs.
  expect(heads[0]?.scorers[0]).toMatchObject({ items: 9 });

  const { items } = await call("GET /api/v1/runs/:runId/items", {
    params: { runId },
    query: { state: "diverged", limit: 50 },
  });
  expect(items).toHaveLength(3);
  expect(items[0]?.results[0]).toMatchObject({
    state: "diverged",
    scores: [],
    error: {
      code: "diverged",
      message: expect.stringContaining('Diverged at call 1: the recording has no call of "weather"'),
    },
    replayed: { divergedAt: 1, decisions: 1, sameDecisions: 0 },
  });
}, 240_000);

test("a candidate that fails ends the replay with its error, over the recordings of an earlier replay", async () => {
  const { items } = await call("GET /api/v1/replays", { query: { limit: 1 } });
  const [{ datasetId, datasetVersion } = { datasetId: "", datasetVersion: null }] = items;
  const { replayId } = await call("POST /api/v1/replays", {
    body: {
      name: "Strict model",
      source: { kind: "dataset", datasetId, version: datasetVersion ?? "" },
      candidates: [{ kind: "model", name: "strict", model: "shop/strict" }],
      scorers: [{ kind: "exact-match" }],
    },
  });
  const replay = await ended(replayId, "failed");
  expect(replay).toMatchObject({ datasetId, recorded: { items: 12, withTools: 12 } });
  expect(replay.error).toContain('12 of 12 answers of "strict". The most frequent error: the tools are not supported');
  const [run] = replay.runs;
  expect(run).toMatchObject({ errors: 12, diverged: 0, decisions: 0, sameDecisionRate: null });
  const results = await call("GET /api/v1/runs/:runId/items", { params: { runId: run?.runId ?? "" }, query: {} });
  expect(results.items[0]?.results[0]).toMatchObject({
    state: "error",
    scores: [],
    error: { message: expect.stringContaining("the tools are not supported") },
  });
}, 120_000);

test("a candidate's prompt takes the place of the recorded prompt, with the recorded variables", async () => {
  for (const [name, start] of [
    ["weather-old", "Answer briefly about {{city}}."],
    ["weather-new", "Be kind about {{city}}."],
  ] as const)
    await call("POST /api/v1/prompts", {
      body: { name, type: "chat", messages: [{ role: "system", content: start }] },
    });
  const question = { role: "user", content: "What is the weather in city1?" };
  await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "shop/old",
      prompt: { name: "weather-old", version: 1, inputs: { city: "city1" } },
      messages: [question],
    }),
  });
  const source = { kind: "traffic" as const, filter: "prompt:weather-old" };
  const candidates = [
    { kind: "model" as const, name: "kind", model: "shop/old", prompt: { name: "weather-new", version: 1 } },
  ];
  const replayId = await vi.waitFor(
    async () => (await call("POST /api/v1/replays", { body: { name: "Kind prompt", source, candidates } })).replayId,
    { timeout: 30_000, interval: 300 },
  );
  const replay = await ended(replayId, "done");
  expect(replay.recorded).toMatchObject({ items: 1, withInputs: 1, withoutInputs: 0 });
  // The recording ends with the call of the tool, so the answer ends there too.
  expect(replay.runs[0]).toMatchObject({ answers: 1, errors: 0, diverged: 0, decisions: 1, sameDecisions: 1 });
  expect(provider.requests.at(-1)?.body.messages).toEqual([
    { role: "system", content: "Be kind about city1." },
    question,
  ]);
}, 120_000);

test("an off-policy estimate is refused while every caller names the variant", async () => {
  const asked = { endpointId, policy: { new: 1 }, metric: { kind: "error" as const } };
  await expect(call("POST /api/v1/replays/off-policy", { body: asked })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("none of 24 calls had a drawn variant"),
  });
}, 60_000);

test("drawn traffic gives an estimate of another policy with an interval", async () => {
  const start = [{ role: "user", content: "What is the weather in city1?" }];
  for (let user = 100; user < 300; user++) await app.ask(user, start);
  const asked = { endpointId, policy: { new: 1 }, metric: { kind: "error" as const } };
  const estimate = await vi.waitFor(
    async () => {
      const found = await call("POST /api/v1/replays/off-policy", { body: asked });
      expect(found.units).toBe(200);
      return found;
    },
    { timeout: 60_000, interval: 500 },
  );
  expect(estimate).toMatchObject({ endpoint: "weather", calls: 200, leftOut: { withoutPropensity: 24 } });
  expect(estimate.estimates.map(({ method, value }) => [method, value])).toEqual([
    ["doubly-robust", 0],
    ["self-normalized", 0],
    ["ips", 0],
  ]);
  expect(estimate.effectiveUnits).toBeGreaterThan(60);
  expect(estimate.effectiveUnits).toBeLessThan(140);

  const latency = await call("POST /api/v1/replays/off-policy", { body: { ...asked, metric: { kind: "latency" } } });
  expect(latency.logged.value).toBeGreaterThan(0);
  const refused = (metric: { kind: "cost" } | { kind: "score"; name: string }, message: string) =>
    expect(call("POST /api/v1/replays/off-policy", { body: { ...asked, metric } })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(message),
    });
  await refused({ kind: "cost" }, 'No logged call has a value of the metric "cost".');
  await refused({ kind: "score", name: "helpful" }, 'No logged call has the score "helpful".');
}, 120_000);

test("a score of the logged calls is estimated, and refused while too few units have it", async () => {
  const { items } = await call("GET /api/v1/spans", { query: { filter: "endpoint:weather", limit: 200 } });
  const drawn = items.filter(({ userId }) => Number(userId.slice(1)) >= 100);
  const rate = (spans: typeof items) =>
    Promise.all(
      spans.map(({ traceId, spanId, variant }) =>
        call("POST /api/v1/feedback", {
          body: { target: { traceId, spanId }, name: "helpful", value: variant === "new" ? 1 : 0 },
        }),
      ),
    );
  const body = { endpointId, policy: { new: 1 }, metric: { kind: "score" as const, name: "helpful" } };
  await rate(drawn.slice(0, 20));
  await vi.waitFor(
    () =>
      expect(call("POST /api/v1/replays/off-policy", { body })).rejects.toMatchObject({
        message: expect.stringMatching(/20 units with a value are worth \d+ of the policy itself, and 30 are needed/),
      }),
    { timeout: 30_000, interval: 300 },
  );
  await rate(drawn.slice(20));
  const estimate = await vi.waitFor(
    async () => {
      const found = await call("POST /api/v1/replays/off-policy", { body });
      expect(found.units).toBe(drawn.length);
      return found;
    },
    { timeout: 30_000, interval: 300 },
  );
  expect(estimate.estimates[1]).toMatchObject({ method: "self-normalized", value: 1 });
  expect(estimate.leftOut.withoutValue).toBe(200 - drawn.length);
}, 120_000);

test("bad input is refused with what to do", async () => {
  const refuse = (change: object, message: string) =>
    expect(call("POST /api/v1/replays", { body: { ...body(), ...change } })).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
  await refuse(
    { candidates: [{ kind: "variant", endpointId, variant: "none" }] },
    'has no variant "none". Its variants: old, new.',
  );
  await refuse({ candidates: [{ kind: "variant", endpointId: "end_none", variant: "new" }] }, "end_none");
  await refuse({ source: { kind: "traffic", filter: "endpoint:other" } }, "No recorded call of a model matches.");
  await refuse(
    {
      candidates: [
        { kind: "model", name: "a", model: "shop/next" },
        { kind: "model", name: "a", model: "shop/old" },
      ],
    },
    "different name",
  );
  await refuse({ candidates: [{ kind: "model", name: "a", model: "nowhere/next" }] }, "candidates.0: ");
  await refuse({ scorers: [{ kind: "none" }] }, "none");
  await refuse({ source: { kind: "traffic", size: 0 } }, "size");
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "No recordings" } });
  await refuse({ source: { kind: "dataset", datasetId, version: "draft" } }, "The dataset has no recorded calls");
  const policy = { endpointId, policy: { new: 0.4 }, metric: { kind: "error" as const } };
  await expect(call("POST /api/v1/replays/off-policy", { body: policy })).rejects.toMatchObject({
    message: expect.stringContaining("the shares must add up to 1"),
  });
  await expect(
    call("POST /api/v1/replays/off-policy", { body: { ...policy, policy: { none: 1 } } }),
  ).rejects.toMatchObject({ message: expect.stringContaining('has no variant "none"') });
}, 60_000);
