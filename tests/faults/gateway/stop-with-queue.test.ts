import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "slow",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** The answers that the provider has not given yet. */
const open: ServerResponse[] = [];
const provider = createServer((request, response) => {
  request.resume();
  open.push(response);
});
let treadle: RunningTreadle;

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  treadle = await startTreadle();
});
afterAll(async () => {
  await treadle?.stop("SIGKILL");
  provider.closeAllConnections();
  provider.close();
});

test("a server that stops rejects a call in a queue immediately, and still answers a call that runs", async () => {
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  const connection = { slug: "scripted", preset: "vllm" as const, baseUrl, models: ["slow"], keys: [{ value: "sk" }] };
  await call("POST /api/v1/connections", { body: connection });
  const body = { name: "One", measure: "concurrency" as const, amount: 1, queueSeconds: 60 };
  const { limitId } = await call("POST /api/v1/limits", { body });
  const chat = () =>
    fetch(`${treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${treadle.apiKey}` },
      body: JSON.stringify({ model: "scripted/slow", messages: [{ role: "user", content: "Hello" }] }),
    });
  const running = chat();
  await expect.poll(() => open.length, { timeout: 10_000 }).toBe(1);
  const waiting = chat();
  const read = () => call("GET /api/v1/limits/:limitId", { params: { limitId } });
  await expect.poll(async () => (await read()).usage[0]?.waiting, { timeout: 10_000 }).toBe(1);
  process.kill(treadle.pid, "SIGTERM");
  expect((await waiting).status).toBe(503);
  open[0]?.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(ANSWER));
  expect((await running).status).toBe(200);
  expect(open).toHaveLength(1);
});
