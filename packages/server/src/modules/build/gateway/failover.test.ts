import type { FailureClass } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, endpointOf, fallbacksTo, openTestGateway, type TestGateway } from "./testing/open-gateway.ts";
import { chatAnswer, type ScriptedUpstream, sendJson, startUpstream } from "./testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
/** Each test has models of its own, since circuits and pauses outlive a test. */
let nth = 0;
const request = { model: "support", messages: [{ role: "user", content: "Hi" }] };

beforeAll(async () => {
  open = await openTestGateway({ random: () => 0 });
});
afterAll(() => open.close());
beforeEach(async () => {
  nth++;
  upstream = await startUpstream((response, { body }) =>
    sendJson(response, 200, chatAnswer(JSON.parse(body).model, JSON.parse(body).model)),
  );
  open.connect(connectionTo(upstream.url));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const fail = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  upstream.next.push((response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, status, { error: { message } });
  });
const model = (name: string) => `openai/${name}-${nth}`;
const fallback = (name: string, priority: number, ...on: FailureClass[]) => ({ model: model(name), on, priority });
const answeredBy = async (more: object = {}) => {
  const { json, state } = await open.ask("chat", { ...request, ...more });
  return state.status === 200 ? json().model : state.status;
};

describe("criteria", () => {
  beforeEach(() => {
    open.name(
      endpointOf("support", {
        variants: [{ name: "main", model: model("main"), weight: 1 }],
        fallbacks: [
          fallback("long", 1, "context-length"),
          fallback("lenient", 2, "content-filter"),
          fallback("spare", 3, "rate-limit", "unavailable"),
        ],
      }),
    );
  });

  test.each([
    [400, "This model's maximum context length is 8192 tokens.", "long"],
    [400, "The prompt triggers Azure OpenAI's content management policy.", "lenient"],
    [429, "Slow down", "spare"],
    [503, "Overloaded", "spare"],
  ])("a failure with status %i and %j goes to the fallback for its class", async (status, message, expected) => {
    fail(status, message);
    expect(await answeredBy()).toBe(`${expected}-${nth}`);
    expect(upstream.received).toHaveLength(2);
  });

  test("a failure that no fallback names is the caller's answer", async () => {
    fail(400, "temperature must be below 2");
    expect(await answeredBy()).toBe(400);
    expect(upstream.received).toHaveLength(1);
  });

  test("the last target is retried if no fallback names its failure", async () => {
    open.connect(connectionTo(upstream.url, { maxRetries: 1 }));
    fail(500, "internal error");
    expect(await answeredBy()).toBe(`main-${nth}`);
  });
});

test("each failed target counts for its circuit breaker, fallbacks too", async () => {
  open.name(
    endpointOf("support", {
      variants: [{ name: "main", model: model("main"), weight: 1 }],
      fallbacks: fallbacksTo(model("second"), model("third")),
    }),
  );
  for (let call = 0; call < 5; call++) {
    fail(500, "one");
    fail(500, "two");
    expect(await answeredBy()).toBe(`third-${nth}`);
  }
  upstream.received.length = 0;
  expect(await answeredBy()).toBe(`third-${nth}`);
  expect(upstream.received).toHaveLength(1);
  const { attempts } = await open.span();
  expect(attempts.map(({ model: name, status }) => [name, status])).toEqual([
    [`main-${nth}`, 0],
    [`second-${nth}`, 0],
    [`third-${nth}`, 200],
  ]);
});

describe("Retry-After", () => {
  beforeEach(() => {
    open.name(
      endpointOf("support", {
        variants: [{ name: "main", model: model("main"), weight: 1 }],
        fallbacks: [fallback("spare", 1, "rate-limit")],
      }),
    );
  });

  test("a target that asks for a pause is passed over while another can answer", async () => {
    fail(429, "Slow down", { "retry-after": "60" });
    expect(await answeredBy()).toBe(`spare-${nth}`);
    upstream.received.length = 0;
    expect(await answeredBy()).toBe(`spare-${nth}`);
    expect(upstream.received).toHaveLength(1);
    expect((await open.span()).attempts).toMatchObject([
      { model: `main-${nth}`, status: 0, error: expect.stringContaining("asked for a pause") },
      { model: `spare-${nth}`, status: 200 },
    ]);
  });

  test("a fallback that asks for a pause is remembered too, and the caller learns how long", async () => {
    fail(429, "Slow down", { "retry-after": "60" });
    fail(429, "Slow down too", { "retry-after": "30" });
    const { state } = await open.ask("chat", request);
    expect(state).toMatchObject({ status: 429, headers: { "retry-after": "30" } });
    fail(429, "Still", { "retry-after": "60" });
    expect(await answeredBy()).toBe(`spare-${nth}`);
  });

  test("a model without a fallback is called during its pause, and its success ends the pause", async () => {
    fail(429, "Slow down", { "retry-after": "60" });
    expect(await answeredBy({ model: model("alone") })).toBe(429);
    expect(await answeredBy({ model: model("alone") })).toBe(`alone-${nth}`);
  });
});

describe("variants that stand in for each other", () => {
  const variants = () => [
    { name: "first", model: model("first"), weight: 1_000, parameters: { temperature: 0.1 } },
    { name: "second", model: model("second"), weight: 1, priority: 2, parameters: { temperature: 0.9 } },
  ];

  test("answer with their own settings, and the span shows which one answered", async () => {
    open.name(
      endpointOf("support", { failover: "variants", variants: variants(), fallbacks: fallbacksTo(model("last")) }),
    );
    fail(503, "Overloaded");
    const { state } = await open.ask("chat", request);
    expect(state.headers).toMatchObject({ "x-treadle-variant": "second", "x-treadle-model": model("second") });
    expect(upstream.received.map(({ body }) => JSON.parse(body).temperature)).toEqual([0.1, 0.9]);
    expect(await open.span()).toMatchObject({
      variant: "second",
      assignment: { propensity: 0 },
      parameters: { temperature: 0.9 },
      status: "ok",
    });
  });

  test("a fallback after all of them gets the request of the first one", async () => {
    open.name(
      endpointOf("support", { failover: "variants", variants: variants(), fallbacks: fallbacksTo(model("last")) }),
    );
    fail(503, "Overloaded");
    fail(503, "Overloaded too");
    expect(await answeredBy()).toBe(`last-${nth}`);
    expect(JSON.parse(upstream.received[2]?.body ?? "").temperature).toBe(0.1);
    expect(await open.span()).toMatchObject({ variant: "first", assignment: { propensity: 1 } });
  });

  test("do not answer for each other unless the endpoint says so", async () => {
    open.name(endpointOf("support", { variants: variants() }));
    fail(503, "Overloaded");
    expect(await answeredBy()).toBe(503);
  });
});

describe("strategies", () => {
  const two = () => ["one", "two"].map((name) => ({ name, model: model(name), weight: 1 }));

  test("by requests in flight, a second call goes to the other variant until the first one has its whole answer", async () => {
    open.name(endpointOf("support", { strategy: "busy", variants: two() }));
    let answer = () => {};
    upstream.next.push(async (response, { body }) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      sendJson(response, 200, chatAnswer("slow", JSON.parse(body).model));
    });
    const first = open.begin("chat", request);
    await expect.poll(() => upstream.received.length).toBe(1);
    const busy = JSON.parse(upstream.received[0]?.body ?? "").model;
    const other = `${busy.startsWith("one") ? "two" : "one"}-${nth}`;
    for (let call = 0; call < 3; call++) expect(await answeredBy()).toBe(other);
    answer();
    await first.done;
  });

  test("by latency, the variant that answers slowly is left", async () => {
    open.name(endpointOf("support", { strategy: "latency", variants: two() }));
    const slow = `one-${nth}`;
    const wait = async (response: Parameters<typeof sendJson>[0], { body }: { body: string }) => {
      const { model: name } = JSON.parse(body);
      if (name === slow) await new Promise((resolve) => setTimeout(resolve, 1_000));
      sendJson(response, 200, chatAnswer("ok", name));
    };
    upstream.next.push(...Array.from({ length: 60 }, () => wait));
    const seen = new Set<string>();
    for (let call = 0; call < 40 && seen.size < 2; call++) seen.add(await answeredBy());
    const after = await Promise.all(Array.from({ length: 20 }, () => answeredBy()));
    expect(after.filter((name) => name === slow).length).toBeLessThan(8);
  });
});
