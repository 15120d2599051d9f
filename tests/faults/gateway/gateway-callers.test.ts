import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  connectionTo,
  openTestGateway,
} from "../../../packages/server/src/modules/build/gateway/testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  sendJson,
  startUpstream,
} from "../../../packages/server/src/modules/build/gateway/testing/scripted-upstream.ts";
import { openWorld, type World } from "./gateway-world.ts";

describe("a caller who leaves", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    world.a.next.length = 0;
  });

  test("in the middle of a stream: the provider is stopped within a second, and the received part is counted", async () => {
    world.a.next.push(async (response) => {
      const send = beginStream(response);
      for (let word = 0; word < 500 && !response.destroyed; word++) {
        send([chatChunk({ content: `word${word} ` })]);
        await delay(10);
      }
    });
    const leave = new AbortController();
    const response = await world.chat({ model: "a/gpt-4o", stream: true }, { signal: leave.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    await delay(100);
    leave.abort();
    await reader?.read().catch(() => undefined);
    await expect.poll(world.a.aborted, { timeout: 1_000 }).toBe(1);
    const span = await world.spanOf(response.headers.get("x-treadle-trace-id"));
    expect(span).toMatchObject({
      status: "cancelled",
      errorType: "cancelled",
      attributes: { "treadle.usage.estimated": true },
    });
    expect(span.inputTokens).toBeGreaterThan(0);
    expect(span.outputTokens).toBeGreaterThan(5);
    expect(JSON.stringify(span.output)).toContain("word0 word1 ");
  });

  test("before the first byte: the provider is stopped, no fallback is called, and the span records it", async () => {
    const before = world.a.aborted();
    world.a.next.push(() => {});
    const leave = new AbortController();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const asked = world.chat(
      { model: "a/gpt-4o" },
      { signal: leave.signal, headers: { traceparent, "x-treadle-fallback": "b/gpt-4o" } },
    );
    await expect.poll(() => world.a.received.length).toBeGreaterThan(1);
    leave.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(world.a.aborted, { timeout: 1_000 }).toBe(before + 1);
    expect(await world.spanOf("0af7651916cd43dd8448eb211c80319c")).toMatchObject({
      status: "cancelled",
      outputTokens: 0,
    });
    expect(world.b.received).toHaveLength(0);
  });
});

describe("more callers than the server takes", () => {
  test("of 200 at once exactly 100 are admitted, the others are asked to retry, and then all is free again", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const upstream = await startUpstream(async (response) => {
      await gate;
      sendJson(response, 200, chatAnswer());
    });
    const world = await openTestGateway({ maxRunning: 100 });
    world.connect(connectionTo(upstream.url));
    const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }] };
    const asked = Array.from({ length: 200 }, () =>
      world.begin("chat", request).done.then(
        () => "ok",
        (error: { code: string }) => error.code,
      ),
    );
    await expect.poll(() => upstream.received.length).toBe(100);
    open();
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === "overloaded")).toHaveLength(100);
    expect(upstream.received).toHaveLength(100);
    await expect(world.begin("chat", request).done).resolves.toBeUndefined();
    await world.close();
    await upstream.close();
  });
});
