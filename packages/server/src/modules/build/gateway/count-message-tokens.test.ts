import { afterAll, beforeAll, expect, test } from "vitest";
import type { GenerateRequest, Inference } from "../../../platform/inference/port.ts";
import { connectionTo, openTestGateway, SCOPE, type TestGateway } from "./testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "./testing/scripted-upstream.ts";

/** The requests to the local engine to count tokens. */
const counted: { modelId: string; prompt: GenerateRequest["prompt"] }[] = [];
const inference = {
  countTokens: async (request: (typeof counted)[number]) => {
    counted.push(request);
    return 12;
  },
} as unknown as Inference;
const models = {
  isLocal: (id: string): boolean => id === "smollm2",
  absence: () => null,
  listReady: () => [{ modelId: "smollm2" }],
  prices: { cost: () => 1 },
};

let open: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  open = await openTestGateway({ inference, models });
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

test("returns the provider's count", async () => {
  upstream.next.push((response) => sendJson(response, 200, { input_tokens: 9 }));
  expect(await count()).toBe(9);
  expect(upstream.received.at(-1)?.url).toBe("/v1/messages/count_tokens");
});

test("a key that the provider repeats is hidden from the caller", async () => {
  const message = "sk-upstream-secret is not a key";
  upstream.next.push((response) => sendJson(response, 401, { type: "error", error: { type: "auth", message } }));
  await expect(count()).rejects.toMatchObject({ code: "provider_failed", message: "[key] is not a key" });
});

test("a local model's own tokenizer counts the whole request with its template, without a call to a provider", async () => {
  const requestCount = upstream.received.length;
  const request = {
    model: "smollm2",
    system: "Be brief.",
    messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
  };
  const caller = { bytes: Buffer.from(JSON.stringify(request)), signal: new AbortController().signal };
  expect(await open.gateway.countTokens(SCOPE, request, caller)).toBe(12);
  expect(counted).toMatchObject([
    {
      modelId: "smollm2",
      prompt: {
        messages: [
          { role: "system", text: "Be brief." },
          { role: "user", text: "Hi" },
        ],
      },
    },
  ]);
  expect(upstream.received.length).toBe(requestCount);
});
