import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import {
  chatAnswer,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from "../../../packages/server/src/modules/build/gateway/testing/scripted-upstream.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let primary: ScriptedUpstream;
let candidate: ScriptedUpstream;
let call: Client["call"];
/** Answers of slow candidates wait for this. */
let letGo: () => void = () => undefined;

const TOOLS = [{ type: "function", function: { name: "refund", parameters: { type: "object" } } }];
const refundCall = (order: string) => ({
  ...chatAnswer(""),
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "refund", arguments: `{"order":"${order}"}` } }],
      },
      finish_reason: "tool_calls",
    },
  ],
});

beforeAll(async () => {
  [primary, candidate] = await Promise.all([
    startUpstream((response, { body }) =>
      sendJson(response, 200, JSON.parse(body).tools ? refundCall("7") : chatAnswer("The primary says yes.")),
    ),
    startUpstream(async (response, { body }) => {
      const { model, tools } = JSON.parse(body);
      if (model === "slow") await new Promise<void>((resolve) => (letGo = resolve));
      if (model === "broken") sendJson(response, 500, { error: { message: "It broke.", type: "server_error" } });
      else sendJson(response, 200, tools ? refundCall("8") : chatAnswer("The candidate says no."));
    }),
  ]);
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  for (const [slug, { url }] of [
    ["shown", primary],
    ["tried", candidate],
  ] as const) {
    const body = {
      slug,
      preset: "vllm" as const,
      baseUrl: url,
      maxRetries: 3,
      keys: [{ value: "sk-a" }],
      models: ["m"],
    };
    await call("POST /api/v1/connections", { body });
  }
  for (const model of ["m", "slow", "broken", "gpt-4o-2024-08-06"])
    await call("POST /api/v1/model-prices", {
      body: { provider: "*", model, inputUsdPerMillion: 1_000, outputUsdPerMillion: 1_000 },
    });
}, 120_000);
afterAll(async () => {
  letGo();
  await treadle?.stop();
  await Promise.all([primary?.close(), candidate?.close()]);
});

type Body = RequestFor<"POST /api/v1/shadows">["body"];

/** An endpoint whose candidate is this model of the second provider, and a shadow of all its requests. */
async function startShadow(name: string, model: string, more: Partial<Body> = {}) {
  const variants = [
    { name: "old", model: "shown/m", weight: 1 },
    { name: "new", model: `tried/${model}`, weight: 0 },
  ];
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
  const body: Body = { endpointId, candidate: "new", share: 1, ...more };
  const { shadowId } = await call("POST /api/v1/shadows", { body });
  const params = { shadowId };
  return {
    params,
    get: () => call("GET /api/v1/shadows/:shadowId", { params }),
    pairs: async () => (await call("GET /api/v1/shadows/:shadowId/pairs", { params })).items,
  };
}

async function ask(model: string, content = "Hello", more: object = {}) {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", "x-treadle-user": "ada" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }], ...more }),
  });
  return { status: response.status, text: await response.text() };
}

const receivedOf = (model: string) => candidate.received.filter(({ body }) => JSON.parse(body).model === model);
const PATIENT = { timeout: 60_000, interval: 100 };
const LONG = 120_000;

test("the caller has its answer while the candidate still works, and the pair is complete", {
  timeout: LONG,
}, async () => {
  const shadow = await startShadow("patient", "slow");
  const answer = await ask("patient", "Write to ada@example.org: is it open?");
  expect(JSON.parse(answer.text).choices[0].message.content).toBe("The primary says yes.");
  await vi.waitFor(() => expect(receivedOf("slow")).toHaveLength(1), PATIENT);
  expect((await shadow.get()).counts).toMatchObject({ sampled: 1, waiting: 1, answered: 0 });
  letGo();
  const [pair] = await vi.waitFor(async () => {
    const pairs = await shadow.pairs();
    expect(pairs).toHaveLength(1);
    return pairs;
  }, PATIENT);
  expect(pair).toMatchObject({
    isRedacted: true,
    primary: { variant: "old", status: "ok", text: "The primary says yes.", finishReason: "stop" },
    candidate: { variant: "new", status: "ok", text: "The candidate says no.", finishReason: "stop" },
    matches: { exact: false, json: null, tools: null },
  });
  for (const side of [pair?.primary, pair?.candidate]) {
    expect(side?.costUsd).toBeGreaterThan(0);
    expect(side?.inputTokens).toBeGreaterThan(0);
    expect(side?.configHash).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(pair?.primary.traceId).not.toBe(pair?.candidate.traceId);
  expect(receivedOf("slow")[0]?.body).not.toMatch(/ada/);
});

test("the candidate's span names the primary, and counts for no variant, user or limit", {
  timeout: LONG,
}, async () => {
  const limit = { name: "One call", measure: "requests" as const, amount: 1, window: "day" as const };
  const shadow = await startShadow("marked", "m");
  await call("POST /api/v1/limits", { body: { ...limit, scope: "endpoint", value: "marked" } });
  await ask("marked");
  const [pair] = await vi.waitFor(async () => {
    const pairs = await shadow.pairs();
    expect(pairs).toHaveLength(1);
    return pairs;
  }, PATIENT);
  const { traceId = "", spanId = "" } = pair?.candidate ?? {};
  const span = await vi.waitFor(
    () => call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } }),
    PATIENT,
  );
  expect(span).toMatchObject({
    name: "shadow chat marked",
    parentSpanId: "",
    endpoint: "",
    variant: "",
    rolloutId: "",
    userId: "",
    assignment: null,
    tags: ["shadow"],
    links: [{ traceId: pair?.primary.traceId, spanId: pair?.primary.spanId }],
    attributes: { "treadle.shadow.id": shadow.params.shadowId, "treadle.shadow.variant": "new" },
  });
  const spend = await vi.waitFor(async () => {
    const { groups } = await call("GET /api/v1/spend", { query: { by: "tag" } });
    const group = groups.find(({ value }) => value === "shadow");
    expect(group?.costUsd).toBeGreaterThan(0);
    return groups;
  }, PATIENT);
  expect(spend.length).toBeGreaterThan(1);
});

test("a call that fails at the candidate is counted and never repeated", { timeout: LONG }, async () => {
  const shadow = await startShadow("failing", "broken");
  await ask("failing");
  await vi.waitFor(async () => expect((await shadow.get()).counts.failed).toBe(1), PATIENT);
  expect(receivedOf("broken")).toHaveLength(1);
  const { results } = await shadow.get();
  expect(results.outcomes[0]).toMatchObject({ key: "answered", primaryOnly: 1, candidateOnly: 0 });
  expect((await shadow.pairs())[0]?.candidate).toMatchObject({ status: "error", text: "" });
});

test("tools are proposed and compared, and tools that a provider runs are not mirrored", {
  timeout: LONG,
}, async () => {
  const shadow = await startShadow("tools", "m");
  const answer = await ask("tools", "Refund it", { tools: TOOLS });
  expect(JSON.parse(answer.text).choices[0].message.tool_calls).toHaveLength(1);
  const [pair] = await vi.waitFor(async () => {
    const pairs = await shadow.pairs();
    expect(pairs).toHaveLength(1);
    return pairs;
  }, PATIENT);
  expect(pair?.candidate.toolCalls).toEqual([{ name: "refund", arguments: '{"order":"8"}' }]);
  expect(pair?.matches).toEqual({ exact: false, json: null, tools: false });
  const before = candidate.received.length;
  await ask("tools", "Search", { web_search_options: {} });
  await vi.waitFor(async () => expect((await shadow.get()).counts.dropped.unsafe).toBe(1), PATIENT);
  // A tool that was executed would have led to a second call with its result.
  expect(candidate.received).toHaveLength(before);
});

test("the budget of the day stops it, and callers notice nothing", { timeout: LONG }, async () => {
  const shadow = await startShadow("poor", "m", { budgetUsdPerDay: 0.000001, concurrency: 1 });
  await ask("poor");
  await vi.waitFor(async () => expect((await shadow.get()).counts.answered).toBe(1), PATIENT);
  for (let place = 0; place < 3; place++) expect((await ask("poor")).status).toBe(200);
  await vi.waitFor(async () => expect((await shadow.get()).counts.dropped.budget).toBe(3), PATIENT);
  expect((await shadow.get()).counts).toMatchObject({ sampled: 4, answered: 1, waiting: 0 });
});

test("answers of a cache are not mirrored", { timeout: LONG }, async () => {
  const shadow = await startShadow("cached", "m");
  const headers = {
    authorization: `Bearer ${treadle.apiKey}`,
    "content-type": "application/json",
    "x-treadle-cache": "60",
  };
  const body = JSON.stringify({ model: "cached", messages: [{ role: "user", content: "The same again" }] });
  const send = async () =>
    (await fetch(`${treadle.url}/v1/chat/completions`, { method: "POST", headers, body })).text();
  await send();
  await vi.waitFor(async () => expect((await shadow.get()).counts.answered).toBe(1), PATIENT);
  await send();
  await vi.waitFor(async () => expect((await shadow.get()).counts.skipped.cache).toBe(1), PATIENT);
  expect((await shadow.get()).counts.answered).toBe(1);
});

test("it ends with its last pair, and its pairs become a dataset and two runs", { timeout: LONG }, async () => {
  const shadow = await startShadow("complete", "m", { maxPairs: 3, concurrency: 1 });
  for (let place = 0; place < 3; place++) {
    await ask("complete", `Question ${place}`);
    await vi.waitFor(async () => expect((await shadow.get()).counts.answered).toBe(place + 1), PATIENT);
  }
  await vi.waitFor(async () => expect((await shadow.get()).reason).toBe("complete"), PATIENT);
  expect((await shadow.get()).state).toBe("ended");
  const copied = await call("POST /api/v1/shadows/:shadowId/experiment", { params: shadow.params, body: {} });
  expect(copied.pairs).toBe(3);
  const run = await call("GET /api/v1/runs/:runId", { params: { runId: copied.candidateRunId } });
  expect(run).toMatchObject({ origin: "uploaded", datasetId: copied.datasetId, answers: 3 });
  const reading = { params: { runId: copied.candidateRunId }, query: { base: copied.primaryRunId } };
  await vi.waitFor(async () => {
    const [item] = (await call("GET /api/v1/runs/:runId/items", reading)).items;
    expect(item?.results[0]?.output).toBe("The candidate says no.");
    expect(item?.base?.results[0]?.output).toBe("The primary says yes.");
  }, PATIENT);
});

test("a person pauses, resumes and ends it, which the audit log shows", { timeout: LONG }, async () => {
  const { params } = await startShadow("steered", "m");
  expect((await call("POST /api/v1/shadows/:shadowId/pause", { params })).state).toBe("paused");
  await expect(call("POST /api/v1/shadows/:shadowId/pause", { params })).rejects.toMatchObject({ code: "conflict" });
  expect((await call("POST /api/v1/shadows/:shadowId/resume", { params })).state).toBe("running");
  expect((await call("POST /api/v1/shadows/:shadowId/end", { params })).state).toBe("ended");
  const { items } = await call("GET /api/v1/audit-entries", { query: { limit: 200 } });
  const actions = items.filter(({ target }) => target === params.shadowId).map(({ action }) => action);
  expect(actions).toEqual(["shadow.ended", "shadow.resumed", "shadow.paused", "shadow.created"]);
});

test("it ends with its endpoint, also while it is paused", { timeout: LONG }, async () => {
  for (const name of ["deleted", "deleted-paused"]) {
    const { get, params } = await startShadow(name, "m");
    const { endpointId } = await get();
    if (name === "deleted-paused") await call("POST /api/v1/shadows/:shadowId/pause", { params });
    await call("DELETE /api/v1/endpoints/:endpointId", { params: { endpointId } });
    expect(await get()).toMatchObject({
      state: "ended",
      reason: "endpoint-deleted",
      message: "The endpoint was deleted.",
    });
  }
});

test("a second shadow and an unknown candidate are rejected", { timeout: LONG }, async () => {
  const { get } = await startShadow("single", "m");
  const { endpointId } = await get();
  await expect(call("POST /api/v1/shadows", { body: { endpointId, candidate: "new" } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("already has a shadow that is running"),
  });
  await expect(call("POST /api/v1/shadows", { body: { endpointId, candidate: "gone" } })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("It has: old, new."),
  });
});
