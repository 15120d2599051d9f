import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  [treadle, provider] = await Promise.all([openSharedTreadle(), startScriptedProvider()]);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: { slug: "scripted", preset: "vllm", baseUrl: provider.baseUrl, keys: [{ value: "sk-x" }] },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

type Answer = { status: number; model: string | null; variant: string | null };

async function ask(model: string, text: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: text }] }),
  });
  await response.arrayBuffer();
  const { status, headers: received } = response;
  return { status, model: received.get("x-treadle-model"), variant: received.get("x-treadle-variant") };
}

/** The first span that matches, with all of its details. */
async function spanOf(filter: string) {
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await call("GET /api/v1/spans", { query: { filter } });
    const [span] = items;
    if (span) {
      const { traceId, spanId } = span;
      return call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } });
    }
    await delay(50);
  }
  throw new Error(`there is no span for ${filter}`);
}

test("rules choose by tag, header, length and the language of the message, and the span has the probability", async () => {
  const variants = ["plain", "german", "vip", "long"].map((name, place) => ({
    name,
    model: `scripted/echo-${name}`,
    weight: place === 0 ? 1 : 0,
  }));
  const endpoint = await call("POST /api/v1/endpoints", {
    body: {
      name: "ruled",
      variants,
      rules: [
        {
          when: [
            { fact: "tag", value: "vip" },
            { fact: "header", name: "X-Plan", value: "gold" },
          ],
          variants: ["vip"],
        },
        { when: [{ fact: "length", min: 1_000 }], variants: ["long"] },
        { when: [{ fact: "language", value: "de" }], variants: ["german"] },
      ],
    },
  });
  expect(endpoint).toMatchObject({ strategy: "weight", failover: "fallbacks", rules: [{}, {}, {}] });
  const english = "Where can I see the status of my order, and when will it arrive?";
  const german = "Wo kann ich den Stand meiner Bestellung sehen, und wann kommt sie endlich an?";
  const vip = { "x-treadle-tags": "vip", "x-plan": "gold" };
  expect((await ask("ruled", english)).variant).toBe("plain");
  expect((await ask("ruled", german)).variant).toBe("german");
  expect((await ask("ruled", english, vip)).variant).toBe("vip");
  expect((await ask("ruled", english, { "x-treadle-tags": "vip" })).variant).toBe("plain");
  expect((await ask("ruled", english.repeat(80))).variant).toBe("long");
  const span = await spanOf("endpoint:ruled variant:german");
  expect(span).toMatchObject({ variant: "german", assignment: { propensity: 1, endpointVersion: 1 } });
});

test("an endpoint by cost goes to the cheapest model of the price table", async () => {
  for (const [model, price] of [
    ["echo-expensive", 10],
    ["echo-cheap", 1],
  ] as const)
    await call("POST /api/v1/model-prices", {
      body: { provider: "vllm", model, inputUsdPerMillion: price, outputUsdPerMillion: price },
    });
  const variants = ["unpriced", "expensive", "cheap"].map((name) => ({ name, model: `scripted/echo-${name}` }));
  await call("POST /api/v1/endpoints", { body: { name: "thrifty", strategy: "cost", variants } });
  for (let count = 0; count < 3; count++) expect((await ask("thrifty", `question ${count}`)).variant).toBe("cheap");
});

test("a fallback answers after its failures only, and the other variants stand in first if they may", async () => {
  const body = {
    name: "careful",
    variants: [{ name: "down", model: "scripted/error-503" }],
    fallbacks: [
      { model: "scripted/echo-long", on: ["context-length" as const] },
      { model: "scripted/echo-spare", on: ["unavailable" as const] },
    ],
  };
  const { endpointId, fallbacks, configHash } = await call("POST /api/v1/endpoints", { body });
  expect(fallbacks.map(({ priority }) => priority)).toEqual([1, 2]);
  expect(await ask("careful", "hello")).toEqual({ status: 200, model: "scripted/echo-spare", variant: "down" });
  const { attempts } = await spanOf("endpoint:careful");
  expect(attempts.map(({ model, status }) => [model, status])).toEqual([
    ["error-503", 503],
    ["echo-spare", 200],
  ]);

  const changed = await call("PUT /api/v1/endpoints/:endpointId", {
    params: { endpointId },
    body: {
      ...body,
      failover: "variants",
      variants: [...body.variants, { name: "second", model: "scripted/echo-second", priority: 2 }],
    },
  });
  expect(changed.configHash).not.toBe(configHash);
  expect(await ask("careful", "hello")).toEqual({ status: 200, model: "scripted/echo-second", variant: "second" });
});

test("a rule that names no variant of the endpoint is refused at its field", async () => {
  const body = {
    name: "wrong",
    variants: [{ name: "only", model: "scripted/echo-1" }],
    rules: [{ when: [{ fact: "tag" as const, value: "a" }], variants: ["other"] }],
  };
  await expect(call("POST /api/v1/endpoints", { body })).rejects.toMatchObject({
    code: "unprocessable",
    details: { issues: [{ path: "body.rules.0.variants" }] },
  });
});
