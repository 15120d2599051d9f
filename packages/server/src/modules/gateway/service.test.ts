import { Span } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, endpointOf, type OpenGateway, openGateway, SCOPE } from "./testing/open-gateway.ts";
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

let open: OpenGateway;
let upstream: ScriptedUpstream;
const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }], temperature: 0.5 };

beforeAll(async () => {
  open = await openGateway({ random: () => 0 });
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
  test("passes through byte for byte, only the model's name replaced, with the connection's key", async () => {
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

  test("is a span with model, tokens, cost, parameters, messages and the hash of its configuration", async () => {
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

  test("continues the trace that the caller began", async () => {
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

  test("passes through byte for byte; usage that only we asked for is counted and not shown", async () => {
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

  test("shows usage to a caller who asked for it", async () => {
    upstream.next.push((response) => {
      beginStream(response)([...events, usageChunk(), "[DONE]"]);
      response.end();
    });
    const { text } = await open.ask("chat", { ...stream, stream_options: { include_usage: true } });
    expect(text()).toBe(toEvents([...events, usageChunk(), "[DONE]"]));
  });

  test("reaches the caller as it comes, not when it is whole", async () => {
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

  test("whose provider counts nothing is estimated, and says so", async () => {
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

describe("which provider answers", () => {
  test("an endpoint draws its target by weight and falls back in order", async () => {
    const other = await startUpstream((response) => sendJson(response, 200, chatAnswer("from B")));
    open.connect(connectionTo(upstream.url, { slug: "a" }), connectionTo(other.url, { slug: "b", preset: "groq" }));
    open.name(endpointOf("support", { targets: [{ model: "a/x", weight: 1 }], fallbacks: ["b/y"] }));
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

  test("what an endpoint names and somebody deleted leaves its turn to the next one", async () => {
    open.name(endpointOf("support", { targets: [{ model: "gone/x", weight: 1 }], fallbacks: ["openai/gpt-4o"] }));
    const { state } = await open.ask("chat", { ...request, model: "support" });
    expect(state.headers["x-treadle-model"]).toBe("openai/gpt-4o");
    open.name(endpointOf("support", { targets: [{ model: "gone/x", weight: 1 }] }));
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

  test("an unknown name is refused with a list of what exists, and is a span", async () => {
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

  test("one that is refused or exhausted gives way to the next at once", async () => {
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

describe("the exact cache", () => {
  const headers = { "x-treadle-cache": "60" };

  test("is off unless something turns it on", async () => {
    const { state } = await open.ask("chat", request);
    await open.ask("chat", request);
    expect(upstream.received).toHaveLength(2);
    expect(state.headers["x-treadle-cache"]).toBeUndefined();
  });

  test("gives the same answer again, as a span that costs nothing", async () => {
    const body = { ...request, messages: [{ role: "user", content: "cached?" }] };
    const miss = await open.ask("chat", body, { headers });
    await open.span();
    const reordered = { temperature: 0.5, messages: body.messages, model: body.model, user: "someone else" };
    const hit = await open.ask("chat", reordered, { headers });
    expect(upstream.received).toHaveLength(1);
    expect([miss.state.headers["x-treadle-cache"], hit.state.headers["x-treadle-cache"]]).toEqual(["miss", "hit"]);
    expect(hit.text()).toBe(miss.text());
    expect(await open.span()).toMatchObject({ isCacheHit: true, costUsd: 0, status: "ok" });
  });

  test("a stream is kept whole, and given again as a stream or whole", async () => {
    const body = { ...request, stream: true, messages: [{ role: "user", content: "streamed and cached" }] };
    upstream.next.push((response) => {
      beginStream(response)([
        chatChunk({ content: "Hel" }),
        chatChunk({ content: "lo" }, "stop"),
        usageChunk(),
        "[DONE]",
      ]);
      response.end();
    });
    await open.ask("chat", body, { headers });
    await open.span();
    const whole = await open.ask("chat", { ...body, stream: false }, { headers });
    const streamed = await open.ask("chat", body, { headers });
    expect(upstream.received).toHaveLength(1);
    expect(whole.json()).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "Hello" } }],
      usage: { prompt_tokens: 12 },
    });
    expect(streamed.text()).toContain('"content":"Hello"');
    expect(streamed.text()).toContain("[DONE]");
  });

  test("knows projects, models and configurations apart", async () => {
    const body = { ...request, messages: [{ role: "user", content: "apart" }] };
    await open.ask("chat", body, { headers });
    await open.span();
    open.connect(connectionTo(upstream.url, { configHash: "1".repeat(64) }));
    await open.ask("chat", body, { headers });
    await open.ask("chat", body, { headers, scope: { ...SCOPE, projectId: "proj_other" } });
    expect(upstream.received).toHaveLength(3);
  });

  test("keeps no error", async () => {
    const body = { ...request, messages: [{ role: "user", content: "error?" }] };
    upstream.next.push((response) => sendJson(response, 400, { error: { message: "no" } }));
    await open.ask("chat", body, { headers });
    const { state } = await open.ask("chat", body, { headers });
    expect(state).toMatchObject({ status: 200, headers: { "x-treadle-cache": "miss" } });
  });
});

describe("other shapes", () => {
  test("messages are translated for an OpenAI-compatible provider and its answer back", async () => {
    const { json } = await open.ask("messages", {
      model: "openai/gpt-4o",
      max_tokens: 10,
      system: "Be brief.",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(JSON.parse(upstream.received[0]?.body ?? "")).toMatchObject({
      model: "gpt-4o",
      messages: [{ role: "system" }, { role: "user" }],
    });
    expect(json()).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Hello" }],
      usage: { output_tokens: 3 },
    });
  });

  test("messages pass through to Anthropic with the caller's version and beta headers", async () => {
    open.connect(connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }));
    const answer = JSON.stringify({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-x",
      content: [{ type: "text", text: "Hello" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 5, output_tokens: 2 },
    });
    upstream.next.push((response) => sendJson(response, 200, answer));
    const { text } = await open.ask(
      "messages",
      { model: "anthropic/claude-x", max_tokens: 10, messages: [{ role: "user", content: "Hi" }] },
      { headers: { "anthropic-version": "2023-06-01", "anthropic-beta": "x-1" } },
    );
    expect(upstream.received[0]).toMatchObject({
      url: "/v1/messages",
      headers: { "x-api-key": "sk-upstream-secret", "anthropic-beta": "x-1" },
    });
    expect(text()).toBe(answer);
    expect(await open.span()).toMatchObject({
      inputTokens: 5,
      outputTokens: 2,
      output: [{ parts: [{ content: "Hello" }] }],
    });
  });

  test("chat is translated for Anthropic, plain and streamed", async () => {
    open.connect(connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }));
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const event = (data: { type: string }) =>
        response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
      event({
        type: "message_start",
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "claude-x",
          content: [],
          usage: { input_tokens: 5, output_tokens: 1 },
        },
      } as { type: string });
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string });
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } } as {
        type: string;
      });
      event({ type: "content_block_stop", index: 0 } as { type: string });
      event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } } as {
        type: string;
      });
      event({ type: "message_stop" });
      response.end();
    });
    const { text } = await open.ask("chat", { ...request, model: "anthropic/claude-x", stream: true });
    expect(text()).toContain('"content":"Hello"');
    expect(text()).toContain('"finish_reason":"stop"');
    expect(text()).toMatch(/data: \[DONE\]\n\n$/);
    expect(await open.span()).toMatchObject({ status: "ok", inputTokens: 5, outputTokens: 2 });
  });

  test("responses pass through where the provider has them", async () => {
    const answer = {
      id: "resp_1",
      object: "response",
      status: "completed",
      model: "gpt-4o",
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] }],
      usage: { input_tokens: 7, output_tokens: 2 },
    };
    upstream.next.push((response) => sendJson(response, 200, answer));
    const { json } = await open.ask("responses", { model: "openai/gpt-4o", input: "Hi" });
    expect(upstream.received[0]?.url).toBe("/v1/responses");
    expect(json()).toEqual(answer);
    expect(await open.span()).toMatchObject({
      inputTokens: 7,
      outputTokens: 2,
      output: [{ parts: [{ content: "Hello" }], finish_reason: "stop" }],
    });
  });

  test("responses are translated where it has none", async () => {
    open.connect(connectionTo(upstream.url, { quirks: { hasResponses: false, hasStreamUsage: false } }));
    const { json } = await open.ask("responses", { model: "openai/gpt-4o", input: "Hi" });
    expect(upstream.received[0]?.url).toBe("/v1/chat/completions");
    expect(json()).toMatchObject({ object: "response", status: "completed" });
  });

  test("embeddings pass through, counted without keeping the vectors", async () => {
    const answer = {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.1, 0.2] }],
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 4, total_tokens: 4 },
    };
    upstream.next.push((response) => sendJson(response, 200, answer));
    const { json } = await open.ask("embeddings", { model: "openai/text-embedding-3-small", input: "Hi" });
    expect(json()).toEqual(answer);
    expect(await open.span()).toMatchObject({
      kind: "embedding",
      inputTokens: 4,
      outputTokens: 0,
      input: "Hi",
      output: null,
      responseModel: "text-embedding-3-small",
      costUsd: 0.004,
    });
  });

  test("text completions pass through", async () => {
    const answer = {
      id: "cmpl-1",
      object: "text_completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, text: "Hello", finish_reason: "length" }],
      usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
    };
    upstream.next.push((response) => sendJson(response, 200, answer));
    const { json } = await open.ask("completions", { model: "openai/m", prompt: "Hi" });
    expect(json()).toEqual(answer);
    expect(await open.span()).toMatchObject({
      outputTokens: 1,
      output: [{ parts: [{ content: "Hello" }], finish_reason: "length" }],
      input: [{ role: "user", parts: [{ content: "Hi" }] }],
    });
  });

  test("a call from inside gets its answer and is a span", async () => {
    const { response, spanId } = await open.complete(request);
    expect(response.choices[0]?.message.content).toBe("Hello");
    expect(await open.span()).toMatchObject({ spanId, inputTokens: 12 });
  });

  test("the list of models names endpoints and the connections' models", async () => {
    open.connect(connectionTo(upstream.url, { models: ["gpt-4o"] }));
    open.name(endpointOf("support", {}));
    const { data } = await open.gateway.listModels(SCOPE);
    expect(data.map(({ id, owned_by: owner }) => [id, owner])).toEqual([
      ["support", "endpoint"],
      ["gpt-4o", "openai"],
      ["openai/gpt-4o", "openai"],
    ]);
    await expect(open.gateway.getModel(SCOPE, "nope")).rejects.toMatchObject({ code: "not_found" });
  });
});
