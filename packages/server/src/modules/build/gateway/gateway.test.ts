import { Span } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, endpointOf, fallbacksTo, openTestGateway, type TestGateway } from "./testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  toEvents,
  usageChunk,
} from "./testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }], temperature: 0.5 };

beforeAll(async () => {
  open = await openTestGateway({ random: () => 0 });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
  open.name();
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

describe("a plain chat completion to an OpenAI-compatible provider", () => {
  test("passes through byte for byte, except for the model's name, with the connection's key", async () => {
    const text = '{ "model":"openai/gpt-4o", "messages":[{"role":"user","content":"Hi"}],"seed":12345678901234567890 }';
    const answer = JSON.stringify(chatAnswer(), null, 1);
    upstream.next.push((response) => sendJson(response, 200, answer));
    const { state, text: sent } = await open.ask("chat", JSON.parse(text), { text });
    expect(upstream.received[0]).toMatchObject({
      method: "POST",
      url: "/v1/chat/completions",
      body: text.replace("openai/gpt-4o", "gpt-4o"),
      headers: { authorization: "Bearer sk-upstream-secret", "accept-encoding": "identity" },
    });
    expect(sent()).toBe(answer);
    expect(state).toMatchObject({
      status: 200,
      isEnded: true,
      headers: { "x-treadle-model": "openai/gpt-4o", "x-treadle-attempts": "1" },
    });
    expect(Number(state.headers["x-treadle-overhead-ms"])).toBeGreaterThanOrEqual(0);
  });

  test("becomes a span with model, tokens, cost, parameters, messages and the hash of its configuration", async () => {
    const { state } = await open.ask(
      "chat",
      { ...request, user: "ada" },
      { headers: { "x-treadle-session": "s1", "x-treadle-tags": "a, b", "x-treadle-metadata": '{"k":"v"}' } },
    );
    const span = await open.span();
    expect(Span.parse(span)).toEqual(span);
    expect(span).toMatchObject({
      traceId: state.headers["x-treadle-trace-id"],
      spanId: state.headers["x-treadle-span-id"],
      name: "chat openai/gpt-4o",
      kind: "generation",
      status: "ok",
      provider: "openai",
      requestModel: "openai/gpt-4o",
      responseModel: "gpt-4o-2024-08-06",
      userId: "ada",
      sessionId: "s1",
      tags: ["a", "b"],
      metadata: { k: "v" },
      inputTokens: 12,
      outputTokens: 3,
      cachedInputTokens: 4,
      costUsd: 0.015,
      isCacheHit: false,
      parameters: { temperature: 0.5 },
      input: [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "Hello" }], finish_reason: "stop" }],
      attempts: [{ connection: "openai", provider: "openai", model: "gpt-4o", status: 200, error: "" }],
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.response.id": "chatcmpl-1",
      },
    });
    expect(span.configHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("continues the caller's trace", async () => {
    await open.ask("chat", request, {
      headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
    });
    expect(await open.span()).toMatchObject({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      parentSpanId: "b7ad6b7169203331",
    });
  });
});

describe("a streamed chat completion to an OpenAI-compatible provider", () => {
  const events = [
    chatChunk({ role: "assistant", content: "" }),
    chatChunk({ content: "Hel" }),
    chatChunk({ content: "lo" }),
    chatChunk({}, "stop"),
  ];
  const stream = { ...request, stream: true };

  test("passes through byte for byte; usage that only the gateway requested is counted and not sent", async () => {
    upstream.next.push((response) => {
      beginStream(response)([...events, usageChunk(), "[DONE]"]);
      response.end();
    });
    const { text, state } = await open.ask("chat", stream);
    expect(JSON.parse(upstream.received[0]?.body ?? "")).toMatchObject({ stream_options: { include_usage: true } });
    expect(text()).toBe(toEvents([...events, "[DONE]"]));
    expect(state.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const span = await open.span();
    expect(span).toMatchObject({
      status: "ok",
      inputTokens: 12,
      outputTokens: 3,
      output: [{ parts: [{ type: "text", content: "Hello" }], finish_reason: "stop" }],
    });
    expect(span.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  test("sends usage to a caller that requested it", async () => {
    upstream.next.push((response) => {
      beginStream(response)([...events, usageChunk(), "[DONE]"]);
      response.end();
    });
    const { text } = await open.ask("chat", { ...stream, stream_options: { include_usage: true } });
    expect(text()).toBe(toEvents([...events, usageChunk(), "[DONE]"]));
  });

  test("reaches the caller chunk by chunk, before the stream ends", async () => {
    let go = () => {};
    upstream.next.push(async (response) => {
      const send = beginStream(response);
      send(events.slice(0, 2));
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      send([...events.slice(2), "[DONE]"]);
      response.end();
    });
    const { done, text } = open.begin("chat", stream);
    await expect.poll(text).toContain('"Hel"');
    expect(text()).not.toContain('"lo"');
    go();
    await done;
    expect(text()).toContain("[DONE]");
  });

  test("without usage from the provider is estimated and marked as such", async () => {
    upstream.next.push((response) => {
      beginStream(response)([...events, "[DONE]"]);
      response.end();
    });
    await open.ask("chat", stream);
    const span = await open.span();
    expect(span.outputTokens).toBeGreaterThan(0);
    expect(span.attributes).toMatchObject({ "treadle.usage.estimated": true });
  });
});

describe("the choice of the provider", () => {
  test("an endpoint draws its target by weight and falls back in order", async () => {
    const other = await startUpstream((response) => sendJson(response, 200, chatAnswer("from B")));
    open.connect(connectionTo(upstream.url, { slug: "a" }), connectionTo(other.url, { slug: "b", preset: "groq" }));
    open.name(
      endpointOf("support", { variants: [{ name: "only", model: "a/x", weight: 1 }], fallbacks: fallbacksTo("b/y") }),
    );
    upstream.next.push((response) => sendJson(response, 503, { error: { message: "overloaded" } }));
    const { json, state } = await open.ask("chat", { ...request, model: "support" });
    await other.close();
    expect(json().choices[0].message.content).toBe("from B");
    expect(state.headers).toMatchObject({ "x-treadle-model": "b/y", "x-treadle-attempts": "2" });
    expect(await open.span()).toMatchObject({
      endpoint: "support",
      requestModel: "support",
      provider: "groq",
      attempts: [
        { connection: "a", model: "x", status: 503, error: "overloaded" },
        { connection: "b", model: "y", status: 200 },
      ],
    });
  });

  test("the caller's own fallbacks come after the endpoint's", async () => {
    open.connect(
      connectionTo("http://127.0.0.1:1/v1", { slug: "dead" }),
      connectionTo(upstream.url, { slug: "alive" }),
    );
    const { state } = await open.ask(
      "chat",
      { ...request, model: "dead/x" },
      { headers: { "x-treadle-fallback": "alive/y" } },
    );
    expect(state).toMatchObject({ status: 200, headers: { "x-treadle-model": "alive/y" } });
  });

  test("a deleted model of an endpoint is skipped", async () => {
    open.name(
      endpointOf("support", {
        variants: [{ name: "only", model: "gone/x", weight: 1 }],
        fallbacks: fallbacksTo("openai/gpt-4o"),
      }),
    );
    const { state } = await open.ask("chat", { ...request, model: "support" });
    expect(state.headers["x-treadle-model"]).toBe("openai/gpt-4o");
    open.name(endpointOf("support", { variants: [{ name: "only", model: "gone/x", weight: 1 }] }));
    await expect(open.ask("chat", { ...request, model: "support" })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining('endpoint "support" names the model "gone/x"'),
    });
  });

  test("a plain name goes to the connection that offers it", async () => {
    open.connect(connectionTo(upstream.url, { models: ["gpt-4o"] }));
    await open.ask("chat", { ...request, model: "gpt-4o" });
    expect(JSON.parse(upstream.received[0]?.body ?? "").model).toBe("gpt-4o");
  });

  test("an unknown name is rejected with a list of available models, and becomes a span", async () => {
    open.connect(connectionTo(upstream.url, { models: ["gpt-4o"] }));
    await expect(open.ask("chat", { ...request, model: "nope" })).rejects.toMatchObject({
      code: "not_found",
      details: { param: "model", code: "model_not_found" },
      message: expect.stringContaining("gpt-4o"),
    });
    expect(await open.span()).toMatchObject({ status: "error", errorType: "not_found", requestModel: "nope" });
  });

  test("a disabled connection answers nothing", async () => {
    open.connect(connectionTo(upstream.url, { isEnabled: false }));
    await expect(open.ask("chat", request)).rejects.toMatchObject({ message: expect.stringContaining("disabled") });
    expect(upstream.received).toHaveLength(0);
  });
});

describe("keys", () => {
  const keys = [
    { id: "k1", value: "sk-first-key", weight: 1 },
    { id: "k2", value: "sk-second-key", weight: 1 },
  ];

  test("a rejected or exhausted key is followed by the next immediately", async () => {
    for (const status of [401, 429]) {
      open.connect(connectionTo(upstream.url, { keys }));
      upstream.received.length = 0;
      upstream.next.push((response) =>
        sendJson(response.setHeader("retry-after", "30"), status, { error: { message: "no" } }),
      );
      const { state } = await open.ask("chat", request);
      expect(state.status).toBe(200);
      expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual([
        "Bearer sk-first-key",
        "Bearer sk-second-key",
      ]);
    }
  });

  test("are never repeated to the caller, even when the provider does", async () => {
    upstream.next.push((response) =>
      sendJson(response, 401, {
        error: {
          message: "Incorrect API key: sk-upstream-secret",
          type: "invalid_request_error",
          code: "invalid_api_key",
        },
      }),
    );
    const { state, text } = await open.ask("chat", request);
    expect(state.status).toBe(401);
    expect(text()).toContain("Incorrect API key: [key]");
    expect(JSON.stringify(await open.span())).not.toContain("sk-upstream-secret");
  });
});
