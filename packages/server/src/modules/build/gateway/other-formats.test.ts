import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, endpointOf, openTestGateway, SCOPE, type TestGateway } from "./testing/open-gateway.ts";
import { beginStream, type ScriptedUpstream, sendJson, startUpstream, toEvents } from "./testing/scripted-upstream.ts";

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

describe("other formats", () => {
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

  test("a conversation that another model began continues at Mistral, which accepts only its own form of ids", async () => {
    open.connect(connectionTo(upstream.url, { preset: "mistral" }));
    const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const talk = (id: string) => [
      { role: "user", content: "Hi" },
      { role: "assistant", content: null, tool_calls: [call(id)] },
      { role: "tool", tool_call_id: id, content: "r" },
    ];
    const { json } = await open.ask("chat", { ...request, messages: talk("call_abcdefghijklmnopqrstuvwx") });
    const [, assistant, tool] = JSON.parse(upstream.received[0]?.body ?? "").messages;
    expect(tool.tool_call_id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(assistant.tool_calls).toEqual([call(tool.tool_call_id)]);
    expect(json()).toMatchObject({ object: "chat.completion", choices: [{ message: { content: "Hello" } }] });

    const own = { ...request, messages: talk("a1B2c3D4e") };
    await open.ask("chat", own);
    expect(JSON.parse(upstream.received[1]?.body ?? "")).toEqual({ ...own, model: "gpt-4o" });
  });

  test("parallel calls from a server that gives all of them one index stay separate", async () => {
    open.connect(connectionTo(upstream.url, { preset: "openai-compatible" }));
    const call = (id: string, city: string) => ({
      index: 0,
      id,
      type: "function",
      function: { name: "weather", arguments: JSON.stringify({ city }) },
    });
    const delta = (delta: object, finish_reason: string | null = null) => ({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "gemini",
      choices: [{ index: 0, delta, finish_reason }],
    });
    upstream.next.push((response) => {
      beginStream(response);
      const pieces = [
        delta({ role: "assistant", tool_calls: [call("a", "Bern")] }),
        delta({ tool_calls: [call("b", "Rome")] }),
      ];
      response.end(toEvents([...pieces, delta({}, "tool_calls"), "[DONE]"]));
    });
    const tools = [{ name: "weather", input_schema: { type: "object" } }];
    const { text } = await open.ask("messages", { ...request, max_tokens: 9, stream: true, tools });
    const given = [...text().matchAll(/"partial_json":("(?:[^"\\]|\\.)*")/g)].map(([, json]) => JSON.parse(json ?? ""));
    expect(given.filter(Boolean)).toEqual(['{"city":"Bern"}', '{"city":"Rome"}']);
    const [said] = (await open.span()).output as { parts: { type: string; id: string }[] }[];
    expect(said?.parts.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("responses pass through if the provider supports them", async () => {
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

  test("responses are translated if the provider does not support them", async () => {
    open.connect(connectionTo(upstream.url, { quirks: { hasResponses: false, hasStreamUsage: false } }));
    const tools = [{ type: "web_search" }];
    const { json, state } = await open.ask("responses", { model: "openai/gpt-4o", input: "Hi", tools });
    expect(upstream.received[0]?.url).toBe("/v1/chat/completions");
    expect(json()).toMatchObject({ object: "response", status: "completed", tools });
    expect(state.headers["x-treadle-warnings"]).toContain("`tools[0]` (web_search) was left out");
    const { attributes } = await open.span();
    expect(attributes?.["treadle.warnings"]).toEqual([state.headers["x-treadle-warnings"]]);
  });

  test("embeddings pass through, and are counted without storing the vectors", async () => {
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

  test("a call from inside the program gets its answer and becomes a span", async () => {
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
