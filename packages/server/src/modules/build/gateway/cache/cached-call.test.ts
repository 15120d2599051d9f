import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, openTestGateway, SCOPE, type TestGateway } from "../testing/open-gateway.ts";
import {
  beginStream,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  usageChunk,
} from "../testing/scripted-upstream.ts";

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

describe("the exact cache", () => {
  const headers = { "x-treadle-cache": "60" };

  test("is off unless something turns it on", async () => {
    const { state } = await open.ask("chat", request);
    await open.ask("chat", request);
    expect(upstream.received).toHaveLength(2);
    expect(state.headers["x-treadle-cache"]).toBeUndefined();
  });

  test("repeats the answer, with a span that costs nothing", async () => {
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

  test("stores a stream whole, and repeats it as a stream or whole", async () => {
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

  test("distinguishes projects, models and configurations", async () => {
    const body = { ...request, messages: [{ role: "user", content: "apart" }] };
    await open.ask("chat", body, { headers });
    await open.span();
    open.connect(connectionTo(upstream.url, { configHash: "1".repeat(64) }));
    await open.ask("chat", body, { headers });
    await open.ask("chat", body, { headers, scope: { ...SCOPE, projectId: "proj_other" } });
    expect(upstream.received).toHaveLength(3);
  });

  test("stores no error", async () => {
    const body = { ...request, messages: [{ role: "user", content: "error?" }] };
    upstream.next.push((response) => sendJson(response, 400, { error: { message: "no" } }));
    await open.ask("chat", body, { headers });
    const { state } = await open.ask("chat", body, { headers });
    expect(state).toMatchObject({ status: 200, headers: { "x-treadle-cache": "miss" } });
  });
});
