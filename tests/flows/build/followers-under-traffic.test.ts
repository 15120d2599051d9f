import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

const ENOUGH = 200;

let world: World;
let url: string;
let forwarded = 0;
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { resourceSpans } = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
  for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) forwarded += spans.length;
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
});

beforeAll(async () => {
  world = await openWorld({ withLocalModel: false, env: { TREADLE_SAMPLE_DATA: "false" } });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1/traces`;
});
afterAll(async () => {
  receiver.close();
  await world?.close();
});

/** Starts one of each feature that follows new spans. */
async function startFollowers() {
  const { call } = world;
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "followed" } });
  await call("POST /api/v1/datasets/:datasetId/live-links", { params: { datasetId }, body: { filter: "" } });
  await call("POST /api/v1/scorers", { body: { name: "long", kind: "length" } });
  const rule = await call("POST /api/v1/live-scoring", { body: { name: "all", scorers: [{ scorer: "long" }] } });
  const questions = [{ type: "binary" as const, key: "good", title: "Good?" }];
  const { queueId } = await call("POST /api/v1/annotation-queues", { body: { name: "followed", questions } });
  const arrivals = { name: "all", trigger: { kind: "arrivals" as const }, mostPerDay: 100_000 };
  await call("POST /api/v1/annotation-queues/:queueId/rules", { params: { queueId }, body: arrivals });
  await call("POST /api/v1/forwarders", { body: { name: "collector", url } });
  return async function look() {
    const [links, scoring, rules, forwarders] = await Promise.all([
      call("GET /api/v1/datasets/:datasetId/live-links", { params: { datasetId } }),
      call("GET /api/v1/live-scoring/:ruleId", { params: { ruleId: rule.ruleId } }),
      call("GET /api/v1/annotation-queues/:queueId/rules", { params: { queueId } }),
      call("GET /api/v1/forwarders"),
    ]);
    return {
      linked: links.items[0]?.itemsAdded ?? 0,
      scored: scoring.counts.scored,
      queued: rules.items[0]?.added ?? 0,
      sent: forwarders.items[0]?.sentSpans ?? 0,
      errors: [links.items[0]?.lastError, rules.items[0]?.lastError, forwarders.items[0]?.lastError].filter(Boolean),
    };
  };
}

test("while calls arrive without a pause, all followers progress, and in the end have each span once", {
  timeout: 240_000,
}, async () => {
  const look = await startFollowers();
  let calls = 0;
  let isOver = false;
  const ask = async () => {
    while (!isOver) {
      const messages = [{ role: "user", content: `Call ${++calls}` }];
      const response = await fetch(`${world.treadle.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${world.treadle.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "scripted/echo-1", messages }),
      });
      expect(response.status).toBe(200);
      await response.text();
      await pause(40);
    }
  };
  const traffic = Promise.all([ask(), ask()]);
  const followed = async () => {
    const { errors, ...counts } = await look();
    return errors.length > 0 ? errors : Math.min(...Object.values(counts));
  };
  try {
    // Each runs at least every 15 seconds, and finds rows that wait for delivery each time.
    await expect.poll(followed, { timeout: 90_000, interval: 1_000 }).toBeGreaterThan(ENOUGH);
  } finally {
    isOver = true;
    await traffic;
  }
  await expect
    .poll(look, { timeout: 60_000, interval: 500 })
    .toEqual({ linked: calls, scored: calls, queued: calls, sent: calls, errors: [] });
  expect(forwarded).toBe(calls);
  const warned = world.treadle
    .output()
    .split("\n")
    .filter((line) => /"level":"(?:warn|error|fatal)"/.test(line));
  expect(warned).toEqual([]);
});
