import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

const CHECKS = 20;
const PATIENCE = { timeout: 60_000, interval: 50 };
const QUESTION = "What is the capital of France?";

let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false, env: { TREADLE_SAMPLE_DATA: "false" } });
});
afterAll(() => world?.close());

async function createEndpoint(name: string) {
  const { endpointId } = await world.call("POST /api/v1/endpoints", {
    body: {
      name,
      variants: [{ model: "scripted/echo-1", parameters: { temperature: 0 } }],
      semanticCache: { ttlSeconds: 3_600 },
    },
  });
  return endpointId;
}
const statusOf = (endpointId: string) =>
  world.call("GET /api/v1/endpoints/:endpointId/semantic-cache", { params: { endpointId } });
const settled = (endpointId: string, expected: object) =>
  vi.waitFor(async () => expect(await statusOf(endpointId)).toMatchObject(expected), PATIENCE);

async function ask(model: string, content: string) {
  const { url, apiKey } = world.treadle;
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
  expect(response.status).toBe(200);
  const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] };
  return { headers: response.headers, text: choices[0].message.content };
}
const cacheOf = async (model: string, content: string) => (await ask(model, content)).headers.get("x-treadle-cache");

/** Asks in other words until the cache answers: it lets the model answer a few of its hits, whose words it then knows. */
async function hit(model: string, question: string) {
  for (const greeting of ["Hi", "Hello", "Hey", "Good morning", "Good evening"])
    for (const sign of [", ", "! ", ". ", ": "]) {
      const answer = await ask(model, greeting + sign + question);
      if (answer.headers.get("x-treadle-cache") === "hit") return answer;
    }
  throw new Error(`the cache answered none of the questions: ${question}`);
}

test("an endpoint measures its semantic cache, then serves it, and a thumbs down evicts an answer", {
  timeout: 240_000,
}, async () => {
  const endpointId = await createEndpoint("cached");
  expect(await cacheOf("cached", QUESTION)).toBe("miss");
  await settled(endpointId, { state: "measuring", entries: 1, checks: 0, falseHitRate: null });
  for (let checks = 1; checks <= CHECKS; checks++) {
    expect(await cacheOf("cached", QUESTION)).toBe("miss");
    await settled(endpointId, { checks });
  }
  await settled(endpointId, { state: "serving", falseHits: 0, falseHitRate: { value: 0, low: 0 } });

  const { headers, text } = await hit("cached", QUESTION);
  expect(text).toContain(QUESTION);
  expect(headers.get("x-treadle-cache-kind")).toBe("semantic");
  expect(Number(headers.get("x-treadle-cache-similarity"))).toBeGreaterThanOrEqual(0.92);
  expect(await cacheOf("cached", "What is the capital of Spain?")).toBe("miss");

  const traceId = headers.get("x-treadle-trace-id") ?? "";
  const spanId = headers.get("x-treadle-span-id") ?? "";
  const span = await vi.waitFor(
    () => world.call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } }),
    PATIENCE,
  );
  expect(span).toMatchObject({
    isCacheHit: true,
    costUsd: 0,
    attributes: { "treadle.cache.source_trace_id": headers.get("x-treadle-cache-source") },
  });

  const { entries } = await statusOf(endpointId);
  const feedback = { name: "helpful", value: false, target: { traceId, spanId } };
  await world.call("POST /api/v1/feedback", { body: feedback });
  await settled(endpointId, { entries: entries - 1 });

  const params = { endpointId };
  await world.call("DELETE /api/v1/endpoints/:endpointId/semantic-cache/entries", { params });
  await settled(endpointId, { entries: 0 });
  const again = await world.call("POST /api/v1/endpoints/:endpointId/semantic-cache/restart", { params });
  expect(again).toMatchObject({ state: "measuring", checks: 0, hits: 0 });
});

test("an endpoint without a semantic cache has none to restart", async () => {
  const { endpointId } = await world.call("POST /api/v1/endpoints", {
    body: { name: "plain", variants: [{ model: "scripted/echo-1" }] },
  });
  expect(await statusOf(endpointId)).toMatchObject({ state: "off", entries: 0 });
  await expect(
    world.call("POST /api/v1/endpoints/:endpointId/semantic-cache/restart", { params: { endpointId } }),
  ).rejects.toMatchObject({ code: "unprocessable" });
});
