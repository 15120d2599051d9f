import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type Script,
  sendJson,
  toEvents,
  usageChunk,
} from "../../../packages/server/src/modules/build/gateway/testing/scripted-upstream.ts";
import { openWorld, type World } from "./gateway-world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());
beforeEach(() => {
  for (const upstream of [world.a, world.b]) {
    upstream.next.length = 0;
    upstream.received.length = 0;
  }
});

/** A new model has a separate circuit, so one test's failures do not open the circuit of the next. */
let models = 0;
const newModel = () => `gpt-4o-${++models}`;
const withFallback = (model: string) => ({ headers: { "x-treadle-fallback": `b/${model}` } });
const says =
  (content: string): Script =>
  (response) =>
    sendJson(response, 200, chatAnswer(content));
const hello = [
  chatChunk({ role: "assistant", content: "" }),
  chatChunk({ content: "Hel" }),
  chatChunk({ content: "lo" }),
];

const refusals: [string, Script, number][] = [
  ["500", (response) => sendJson(response, 500, { error: { message: "broken" } }), 500],
  ["503", (response) => sendJson(response, 503, { error: { message: "busy" } }), 503],
  [
    "429 with Retry-After",
    (response) => sendJson(response.setHeader("retry-after", "60"), 429, { error: { message: "slow down" } }),
    429,
  ],
  ["a hang before the headers", () => {}, 504],
  ["a reset before the headers", (response) => void response.socket?.destroy(), 502],
  [
    "a page of HTML with 200",
    (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>"),
    502,
  ],
  [
    "200 with an error in the body",
    (response) => sendJson(response, 200, { error: { message: "no credits", code: 402 } }),
    402,
  ],
  ["a redirect", (response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(), 502],
  [
    "an encoding nobody asked for",
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(gzipSync("{}")),
    502,
  ],
  [
    "JSON that is cut off",
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/json", "content-length": "100" })
        .end('{"id":"x"', () => response.socket?.destroy()),
    502,
  ],
];

describe("a provider that gives no answer", () => {
  test.each(refusals)(
    "%s: another answers, the caller pays once, and both tries are in the span",
    async (_, script, status) => {
      const model = newModel();
      world.a.next.push(script);
      world.b.next.push(says("from b"));
      const response = await world.chat({ model: `a/${model}` }, withFallback(model));
      expect([response.status, await response.json()]).toMatchObject([
        200,
        { choices: [{ message: { content: "from b" } }] },
      ]);
      expect(response.headers.get("x-treadle-model")).toBe(`b/${model}`);
      const span = await world.spanOf(response.headers.get("x-treadle-trace-id"));
      expect(span).toMatchObject({ status: "ok", inputTokens: 12, outputTokens: 3, costUsd: 0.015 });
      expect(span.attempts.map((attempt) => attempt.connection)).toEqual(["a", "b"]);
      expect(span.attempts[0]?.status).toBe(
        status === 504 || (status === 502 && span.attempts[0]?.status === 0) ? 0 : status,
      );
      expect([world.a.received.length, world.b.received.length]).toEqual([1, 1]);
    },
  );

  test.each(refusals)(
    "%s: without a fallback, the caller gets the error in its own format",
    async (_, script, status) => {
      world.a.next.push(script, script);
      const openAi = await world.chat({ model: `a/${newModel()}` });
      expect([openAi.status, await openAi.json()]).toEqual([
        status,
        {
          error: {
            message: expect.any(String),
            type: expect.any(String),
            param: null,
            code: expect.toSatisfy((code) => code === null || typeof code === "string"),
          },
        },
      ]);
      const anthropic = await world.post("/v1/messages", { model: `a/${newModel()}`, max_tokens: 5 });
      expect([anthropic.status, await anthropic.json()]).toEqual([
        status,
        {
          type: "error",
          error: { type: expect.stringMatching(/_error$/), message: expect.any(String) },
          request_id: expect.any(String),
        },
      ]);
      if (status === 429) expect(openAi.headers.get("retry-after")).toBe("60");
      expect((await world.spanOf(openAi.headers.get("x-treadle-trace-id"))).status).toBe("error");
    },
  );

  test("a stream whose first event is an error is another provider's turn", async () => {
    const model = newModel();
    world.a.next.push((response) => void beginStream(response)([{ error: { message: "overloaded", code: 529 } }]));
    world.b.next.push((response) => {
      beginStream(response)([...hello, chatChunk({}, "stop"), "[DONE]"]);
      response.end();
    });
    const response = await world.chat({ model: `a/${model}`, stream: true }, withFallback(model));
    expect(await response.text()).toBe(toEvents([...hello, chatChunk({}, "stop"), "[DONE]"]));
  });

  test("a short Retry-After is honoured, and the same provider answers then", async () => {
    world.a.next.push(
      (response) => sendJson(response.setHeader("retry-after", "1"), 429, { error: { message: "slow down" } }),
      says("at last"),
    );
    const startedAt = Date.now();
    const response = await world.chat({ model: `patient/${newModel()}` });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "at last" } }] });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
    expect(response.headers.get("x-treadle-attempts")).toBe("2");
  });

  test("a request that the provider does not like is not sent again", async () => {
    world.a.next.push((response) =>
      sendJson(response, 400, { error: { message: "bad temperature", type: "invalid_request_error", code: "bad" } }),
    );
    const response = await world.chat({ model: `patient/${newModel()}` });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { message: "bad temperature", type: "invalid_request_error", code: "bad" } },
    ]);
    expect(world.a.received).toHaveLength(1);
  });

  test("after repeated failures it is left alone for a while, which metrics and errors show", async () => {
    const model = newModel();
    const broken: Script = (response) => sendJson(response, 500, { error: { message: "broken" } });
    world.a.next.push(broken, broken, broken, broken, broken);
    for (let tries = 0; tries < 5; tries++) await world.chat({ model: `a/${model}` });
    const response = await world.chat({ model: `a/${model}` });
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining("circuit breaker")]);
    expect(world.a.received).toHaveLength(5);
    expect(await world.metrics()).toMatch(/treadle_gateway_circuits\{state="open"\} [1-9]/);
  });
});

describe("a stream that breaks after its first byte", () => {
  const breaks: [string, (send: ReturnType<typeof beginStream>, response: Parameters<Script>[0]) => void, string][] = [
    ["a hang in the middle", () => {}, "stopped in the middle"],
    [
      "half an event and a reset",
      (_send, response) => void response.write('data: {"id":"chatcmpl-1","choi', () => response.socket?.destroy()),
      "closed the connection",
    ],
    ["an end without the last event", (_send, response) => void response.end(), "ended before the answer was complete"],
    ["an event that is not JSON", (send) => void send(["<html>oops"]), "not a JSON object"],
  ];

  test.each(breaks)(
    "%s: the caller gets the error in its own format, no fallback is called, and the received part is counted",
    async (_, breakOff, words) => {
      for (const [path, failure] of [
        ["/v1/chat/completions", /data: \{"error":\{"message":/],
        ["/v1/messages", /event: error\ndata: \{"type":"error","error":\{/],
      ] as const) {
        const model = newModel();
        world.a.next.push((response) => {
          const send = beginStream(response);
          send(hello);
          setTimeout(() => breakOff(send, response), 30);
        });
        const response = await world.post(
          path,
          { model: `a/${model}`, stream: true, max_tokens: 100 },
          withFallback(model),
        );
        const text = await response.text();
        expect(text).toContain("Hel");
        expect(text).toMatch(failure);
        expect(text).toContain(words);
        expect(text).not.toContain('"choi\n');
        expect(text).not.toContain("<html>");
        const span = await world.spanOf(response.headers.get("x-treadle-trace-id"));
        expect(span).toMatchObject({
          status: "error",
          attributes: { "treadle.usage.estimated": true },
          output: [{ parts: [{ content: "Hello" }] }],
        });
        expect(span.outputTokens).toBeGreaterThan(0);
        expect(span.costUsd).toBeGreaterThan(0);
      }
      expect(world.b.received).toHaveLength(0);
    },
  );

  test("only [DONE] is missing: the answer was whole, and the caller gets its end", async () => {
    world.a.next.push((response) => {
      beginStream(response)([...hello, chatChunk({}, "stop"), usageChunk()]);
      response.end();
    });
    const response = await world.chat({ model: `a/${newModel()}`, stream: true });
    expect(await response.text()).toBe(toEvents([...hello, chatChunk({}, "stop"), "[DONE]"]));
    expect(await world.spanOf(response.headers.get("x-treadle-trace-id"))).toMatchObject({
      status: "ok",
      outputTokens: 3,
    });
  });
});
