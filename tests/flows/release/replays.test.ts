import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

type Message = { role: string; content?: string | null; tool_call_id?: string; tool_calls?: unknown };

let treadle: SharedTreadle;
let provider: {
  url: string;
  requests: { model: string; body: { seed?: number; messages: Message[] } }[];
  close(): void;
};
let call: Client["call"];
let endpointId = "";

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The answer of a model: it asks for the weather of the city, and repeats the result. `next` asks for another day for each fourth city. */
function answer(model: string, messages: readonly Message[]) {
  const [city = ""] = /city\d+/.exec(String(messages.find(({ role }) => role === "user")?.content)) ?? [];
  const result = messages.at(-1);
  if (result?.role === "tool") return { role: "assistant", content: `It is ${result.content}.` };
  const isOther = model === "next" && Number(city.slice(4)) % 4 === 3;
  const day = isOther ? "tomorrow" : "today";
  // The order of the arguments is not part of a decision.
  const given = model === "next" ? { day, city } : { city, day };
  const made = { name: "weather", arguments: JSON.stringify(given) };
  return {
    role: "assistant",
    content: null,
    tool_calls: [{ id: `${model}-${city}`, type: "function", function: made }],
  };
}

async function startProvider(): Promise<typeof provider> {
  const requests: (typeof provider)["requests"] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await read(request));
    requests.push({ model: body.model, body });
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    const choices = [{ index: 0, message: answer(body.model, body.messages), finish_reason: "stop" }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: body.model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests, close: () => void server.close() };
}

const TOOLS = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

async function ask(user: number, messages: readonly Message[], variant?: string): Promise<Message> {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${treadle.apiKey}`,
      "content-type": "application/json",
      "x-treadle-user": `u${user}`,
      traceparent: `00-${hex(user + 1, 32)}-${hex(user + 1, 16)}-01`,
      ...(variant && { "x-treadle-variant": variant }),
    },
    body: JSON.stringify({ model: "weather", seed: 7, tools: TOOLS, messages }),
  });
  const { choices } = (await response.json()) as { choices: [{ message: Message }] };
  return choices[0].message;
}

/** What an application does with one question: it calls the tool and asks again with the result. */
async function recordExchange(user: number): Promise<void> {
  const start = [{ role: "user", content: `What is the weather in city${user}?` }];
  const asked = await ask(user, start, "old");
  const [made] = asked.tool_calls as { id: string }[];
  await ask(
    user,
    [...start, asked, { role: "tool", tool_call_id: made?.id ?? "", content: `sunny in city${user}` }],
    "old",
  );
}

const CITIES = 12;
beforeAll(async () => {
  provider = await startProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const connection = { slug: "shop", preset: "vllm" as const, baseUrl: provider.url, models: ["old", "next"] };
  await call("POST /api/v1/connections", { body: { ...connection, maxRetries: 0, keys: [{ value: "sk-a" }] } });
  const variants = [
    { name: "old", model: "shop/old", weight: 1 },
    { name: "new", model: "shop/next", weight: 1 },
  ];
  ({ endpointId } = await call("POST /api/v1/endpoints", { body: { name: "weather", variants, assignBy: "user" } }));
  for (let user = 0; user < CITIES; user++) await recordExchange(user);
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
  const replay = await vi.waitFor(
    async () => {
      const found = await call("GET /api/v1/replays/:replayId", { params: { replayId } });
      expect(found.error).toBeNull();
      expect(found.state).toBe("done");
      return found;
    },
    { timeout: 120_000, interval: 300 },
  );
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

test("an off-policy estimate is refused while every caller names the variant", async () => {
  const asked = { endpointId, policy: { new: 1 }, metric: { kind: "error" as const } };
  await expect(call("POST /api/v1/replays/off-policy", { body: asked })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("none of 24 calls had a drawn variant"),
  });
}, 60_000);

test("drawn traffic gives an estimate of another policy with an interval", async () => {
  const start = [{ role: "user", content: "What is the weather in city1?" }];
  for (let user = 100; user < 300; user++) await ask(user, start);
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
  const policy = { endpointId, policy: { new: 0.4 }, metric: { kind: "error" as const } };
  await expect(call("POST /api/v1/replays/off-policy", { body: policy })).rejects.toMatchObject({
    message: expect.stringContaining("the shares must add up to 1"),
  });
  await expect(
    call("POST /api/v1/replays/off-policy", { body: { ...policy, policy: { none: 1 } } }),
  ).rejects.toMatchObject({ message: expect.stringContaining('has no variant "none"') });
}, 60_000);
