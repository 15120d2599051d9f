import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

const PATIENCE = { timeout: 60_000, interval: 100 };
const REFUND = "A refund takes five working days after the parcel arrives.";

let world: World;
let base: string;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false, env: { TREADLE_SAMPLE_DATA: "false" } });
  const body = { name: "Handbook", indexing: { embeddingModel: "use-lite-en" } };
  base = (await world.call("POST /api/v1/knowledge", { body })).knowledgeBaseId;
  await send(`/api/v1/knowledge/${base}/documents?name=refunds.txt`, REFUND, { type: "text/plain" });
  await world.call("POST /api/v1/knowledge/:knowledgeBaseId/versions", { params: { knowledgeBaseId: base } });
  await vi.waitFor(async () => {
    const { liveVersion } = await world.call("GET /api/v1/knowledge/:knowledgeBaseId", {
      params: { knowledgeBaseId: base },
    });
    expect(liveVersion).toBe(1);
  }, PATIENCE);
}, 120_000);
afterAll(() => world?.close());

async function send(path: string, body: string, { type = "application/json", key = world.treadle.apiKey } = {}) {
  const headers = { authorization: `Bearer ${key}`, "content-type": type };
  const response = await fetch(`${world.treadle.url}${path}`, { method: "POST", headers, body });
  return { status: response.status, text: await response.text(), traceId: response.headers.get("x-treadle-trace-id") };
}
const question = JSON.stringify({ question: "How long does a refund take?", model: "scripted/echo-1" });

test("a question is answered from a knowledge base, and its trace has the search", async () => {
  const { status, text } = await send(`/api/v1/knowledge/${base}/ask`, question);
  expect(status).toBe(200);
  const answer = JSON.parse(text);
  expect(answer).toMatchObject({
    isAnswered: true,
    version: 1,
    passages: [{ number: 1, title: "refunds", text: REFUND }],
  });
  expect(answer.answer).toContain(REFUND);
  await vi.waitFor(async () => {
    const { spans } = await world.call("GET /api/v1/traces/:traceId", { params: { traceId: answer.traceId } });
    expect(spans.map(({ kind }) => kind).toSorted()).toEqual(["generation", "retrieval"]);
  }, PATIENCE);
});

test("an endpoint with a knowledge base answers a stream over HTTP", async () => {
  const variants = [{ model: "scripted/echo-1", knowledge: { knowledgeBaseId: base, chunks: 1 } }];
  await world.call("POST /api/v1/endpoints", { body: { name: "help", variants } });
  const body = { model: "help", stream: true, messages: [{ role: "user", content: "refund?" }] };
  const { status, text } = await send("/v1/chat/completions", JSON.stringify(body));
  expect(status).toBe(200);
  expect(text).toContain(`"knowledge":{"id":"${base}","version":1`);
  expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
});

test("an unknown base, and a key that may not search, get clear errors", async () => {
  expect(await send("/api/v1/knowledge/kb_none/ask", question)).toMatchObject({ status: 404 });
  const { key } = await world.call("POST /api/v1/api-keys", { body: { name: "app", permissions: ["gateway:use"] } });
  const refused = await send(`/api/v1/knowledge/${base}/ask`, question, { key });
  expect(refused).toMatchObject({ status: 403, text: expect.stringContaining("knowledge:read") });
});
