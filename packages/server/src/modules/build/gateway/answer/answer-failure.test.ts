import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
const messages = [{ role: "user", content: "Hi" }];

beforeAll(async () => {
  open = await openTestGateway();
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

test.each([
  [401, "invalid_request_error", "authentication_error"],
  [429, "insufficient_quota", "rate_limit_error"],
  [500, "server_error", "api_error"],
  [418, "scripted_error", "invalid_request_error"],
])("an OpenAI error (%i %s) reaches a caller of Anthropic's format as %s", async (status, theirs, ours) => {
  upstream.next.push((response) => sendJson(response, status, { error: { message: "no", type: theirs } }));
  const { state, json } = await open.ask("messages", { model: "openai/gpt-4o", max_tokens: 5, messages });
  expect([state.status, json().error]).toEqual([status, { type: ours, message: "no" }]);
});

test("after several attempts, each is reported in a full sentence", async () => {
  const dead = connectionTo("http://127.0.0.1:1/v1", { slug: "dead" });
  open.connect(connectionTo(upstream.url), dead);
  upstream.next.push((response) => sendJson(response, 429, { error: { message: "slow down" } }));
  const headers = { "x-treadle-fallback": "dead/x" };
  await expect(open.ask("chat", { model: "openai/gpt-4o", messages }, { headers })).rejects.toMatchObject({
    message: "127.0.0.1:1 refuses connections. The other models failed too: openai/gpt-4o (429): slow down",
  });
});

test("a caller learns that a circuit is open, and when to try again", async () => {
  const down = { error: { message: "down", type: "server_error" } };
  upstream.next.push(
    ...Array.from({ length: 20 }, () => (response: Parameters<typeof sendJson>[0]) => sendJson(response, 503, down)),
  );
  const ask = () => open.ask("chat", { model: "openai/gpt-away", messages });
  for (let call = 0; call < 5; call++) await ask();
  await expect(ask()).rejects.toMatchObject({
    code: "provider_failed",
    retryAfterSeconds: 5,
    details: { reason: "circuit-open" },
  });
});
