import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionTo, type OpenGateway, openGateway, SCOPE } from "./testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "./testing/scripted-upstream.ts";

let open: OpenGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  open = await openGateway();
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url, { slug: "claude", provider: "anthropic", preset: "anthropic" }));
});
afterAll(async () => {
  await upstream.close();
  await open.close();
});

const count = () => {
  const request = { model: "claude/claude-sonnet-4-5", messages: [{ role: "user", content: "Hi" }] };
  const caller = { bytes: Buffer.from(JSON.stringify(request)), signal: new AbortController().signal };
  return open.gateway.countTokens(SCOPE, request, caller);
};

test("the provider's count is the answer", async () => {
  upstream.next.push((response) => sendJson(response, 200, { input_tokens: 9 }));
  expect(await count()).toBe(9);
  expect(upstream.received.at(-1)?.url).toBe("/v1/messages/count_tokens");
});

test("a provider that repeats the key it was sent does not give it to the caller", async () => {
  const message = "sk-upstream-secret is not a key";
  upstream.next.push((response) => sendJson(response, 401, { type: "error", error: { type: "auth", message } }));
  await expect(count()).rejects.toMatchObject({ code: "provider_failed", message: "[key] is not a key" });
});
