import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { createPrompts } from "../../../packages/sdk/src/prompts/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  [treadle, provider] = await Promise.all([openSharedTreadle(), startScriptedProvider()]);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1"],
      keys: [{ value: "sk-x" }],
    },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

const inputs = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const messagesOf = (tone: string) => [
  { role: "system" as const, content: `You are ${tone}.` },
  { role: "user" as const, content: "The weather in {{city}}" },
];
const params = { name: "travel/weather" };
const label = { ...params, label: "production" };

async function complete(body: object, path = "/v1/chat/completions") {
  const response = await fetch(treadle.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { response, body: JSON.parse(await response.text()) };
}

async function spansOf(filter: string, count: number) {
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await call("GET /api/v1/spans", { query: { filter } });
    if (items.length >= count) return items;
    await delay(50);
  }
  throw new Error(`there are not ${count} spans for ${filter}`);
}

describe("a prompt", () => {
  test("is written, read under a tag, and read again without being sent", async () => {
    const made = await call("POST /api/v1/prompts", {
      body: {
        ...params,
        type: "chat",
        messages: messagesOf("kind"),
        inputs,
        model: "scripted/echo-1",
        labels: ["production"],
      },
    });
    expect(made).toMatchObject({ name: "travel/weather", folder: "travel", latestVersion: 1 });
    const address = `${treadle.url}/api/v1/prompts/${encodeURIComponent(params.name)}`;
    const headers = { authorization: `Bearer ${treadle.apiKey}` };
    const first = await fetch(address, { headers });
    const tag = first.headers.get("etag") ?? "";
    expect(await first.json()).toMatchObject({
      version: 1,
      labels: ["production", "latest"],
      messages: messagesOf("kind"),
    });
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    for (const known of [tag, `"other", W/${tag}`]) {
      const again = await fetch(address, { headers: { ...headers, "if-none-match": known } });
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
    }
    await call("POST /api/v1/prompts/:name/versions", {
      params,
      body: {
        type: "chat",
        messages: messagesOf("curt"),
        inputs,
        model: "scripted/echo-1",
        message: "Shorter",
        labels: ["production"],
      },
    });
    const changed = await fetch(address, { headers: { ...headers, "if-none-match": tag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(tag);
    expect(await changed.json()).toMatchObject({ version: 2, messages: messagesOf("curt") });
  });

  test("is called by its name, and the span names the version, can be found by it and is counted", async () => {
    const { response, body } = await complete({ prompt: { ...params, inputs: { city: "Paris" } } });
    expect(response.status).toBe(200);
    expect(body.choices[0].message.content).toBe("You said: The weather in Paris");
    expect(response.headers.get("x-treadle-prompt")).toBe("travel%2Fweather@2");
    await complete({
      prompt: { ...params, version: 1, inputs: { city: "Rome" } },
      messages: [{ role: "user", content: "And now?" }],
    });
    expect(provider.seen.at(-1)?.body.messages).toEqual([
      { role: "system", content: "You are kind." },
      { role: "user", content: "The weather in Rome" },
      { role: "user", content: "And now?" },
    ]);
    const spans = await spansOf('prompt:"travel/weather"', 2);
    expect(spans).toHaveLength(2);
    expect(await spansOf('prompt:"travel/weather" promptVersion:1', 1)).toHaveLength(1);
    const span = await call("GET /api/v1/traces/:traceId/spans/:spanId", {
      params: {
        traceId: response.headers.get("x-treadle-trace-id") ?? "",
        spanId: response.headers.get("x-treadle-span-id") ?? "",
      },
    });
    expect(span).toMatchObject({ promptName: "travel/weather", promptVersion: "2" });
    const { items } = await call("GET /api/v1/prompts/:name/stats", { params });
    expect(items.map(({ version, requests, inputTokens }) => [version, requests, inputTokens])).toEqual([
      [2, 1, 11],
      [1, 1, 11],
    ]);
    expect((await call("GET /api/v1/prompts/:name/used-by", { params })).traces).toHaveLength(2);
  });

  test("with wrong inputs is refused with their place, in each shape's words", async () => {
    const wrong = { prompt: { ...params, inputs: { town: "Paris" } } };
    const refused = await complete(wrong);
    expect([refused.response.status, refused.body.error.message]).toEqual([
      400,
      expect.stringContaining("inputs.city: is missing"),
    ]);
    const anthropic = await complete({ ...wrong, max_tokens: 5 }, "/v1/messages");
    expect(anthropic.body).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    const missing = await complete({ prompt: { name: "nowhere" } });
    expect([missing.response.status, missing.body.error.message]).toEqual([
      404,
      'This project has no prompt "nowhere".',
    ]);
    const plain = await complete({ temperature: 0 });
    expect([plain.response.status, plain.body.error.message]).toEqual([
      400,
      expect.stringMatching(/body\.model: is missing; body\.messages: is missing/),
    ]);
    await expect(
      call("POST /api/v1/prompts/:name/render", { params, body: { inputs: { city: 5 } } }),
    ).rejects.toMatchObject({ status: 400, details: { param: "inputs.city" } });
  });

  test("without the label production says what to do, by API, SDK and gateway", async () => {
    await call("POST /api/v1/prompts", { body: { type: "text", name: "fresh", template: "Hi" } });
    const message = expect.stringContaining("Give a version this label on the prompt's page");
    await expect(call("GET /api/v1/prompts/:name", { params: { name: "fresh" } })).rejects.toMatchObject({ message });
    const prompts = createPrompts({ baseUrl: treadle.url, apiKey: treadle.apiKey });
    await expect(prompts.get("fresh")).rejects.toMatchObject({ status: 404, message });
    const refused = await complete({ model: "scripted/echo-1", prompt: { name: "fresh" } });
    expect([refused.response.status, refused.body.error.message]).toEqual([404, message]);
  });

  test("rolls back, and who moves a label from where it no longer is is told so", async () => {
    const diff = await call("GET /api/v1/prompts/:name/diff", { params, query: { from: 1, to: 2 } });
    expect(diff.fields.map(({ field }) => field)).toEqual(["messages[0].content"]);
    await call("POST /api/v1/prompts/:name/labels/:label/rollback", { params: label, body: { message: "Too curt" } });
    expect((await call("GET /api/v1/prompts/:name", { params })).version).toBe(1);
    const moved = { version: 2, expectedVersion: 2 };
    await expect(call("PUT /api/v1/prompts/:name/labels/:label", { params: label, body: moved })).rejects.toMatchObject(
      {
        status: 409,
        code: "conflict",
        details: { version: 1 },
      },
    );
    const { items } = await call("GET /api/v1/prompts/:name/label-history", { params });
    expect(items[0]).toMatchObject({ kind: "rollback", fromVersion: 2, toVersion: 1, message: "Too curt" });
  });

  test("whose label is protected is moved by an admin's key and by no member's", async () => {
    await call("PUT /api/v1/prompts/:name/protected-labels", { params, body: { labels: ["production"] } });
    const { key } = await call("POST /api/v1/api-keys", {
      body: { name: "member", permissions: ["prompts:read", "prompts:write"] },
    });
    const member = createClient({ baseUrl: treadle.url, apiKey: key });
    const move = { params: label, body: { version: 2 } };
    await expect(member.call("PUT /api/v1/prompts/:name/labels/:label", move)).rejects.toMatchObject({ status: 403 });
    expect(await call("PUT /api/v1/prompts/:name/labels/:label", move)).toMatchObject({ labels: [{ version: 2 }] });
  });

  test("is previewed before it is saved", async () => {
    const content = { type: "text" as const, template: "Hi {{name}}", format: "liquid" as const };
    expect(await call("POST /api/v1/prompt-previews", { body: { content, inputs: { name: "Ada" } } })).toMatchObject({
      text: "Hi Ada",
      version: null,
    });
    const broken = { ...content, template: "{% for %}" };
    await expect(call("POST /api/v1/prompt-previews", { body: { content: broken } })).rejects.toMatchObject({
      status: 422,
      details: { param: "template" },
    });
  });

  test.each([
    ["a name that leaves its folder", { name: "../etc" }, "body.name"],
    ["a name without letters", { name: "a//b" }, "body.name"],
    ["a label that moves by itself", { labels: ["latest"] }, "body.labels[0]"],
    ["a parameter with a place of its own", { parameters: { model: "x" } }, "body.parameters"],
    ["a field that is none", { templates: "x" }, "templates"],
    ["no text", { template: "" }, "body.template"],
    ["NUL in its name", { name: "a\0b" }, "body.name"],
  ])("with %s is refused", async (_what, change, place) => {
    const body = { name: "bad", type: "text" as const, template: "x", ...change };
    await expect(call("POST /api/v1/prompts", { body })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(place),
    });
  });
});
