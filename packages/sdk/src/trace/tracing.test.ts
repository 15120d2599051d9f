import { expect, test } from "vitest";
import { createTracing, type TracingOptions } from "./index.ts";

type Sent = Record<string, unknown>;

/** A server that stores the requests and sends the configured responses. */
function world(options: Partial<TracingOptions> & { answers?: (spans: Sent[]) => Response | Error } = {}) {
  const { answers, ...rest } = options;
  const received: Sent[] = [];
  const requests: { url: string; spans: number; authorization: string | null }[] = [];
  const problems: string[] = [];
  const tracing = createTracing({
    baseUrl: "http://treadle.test",
    apiKey: "tr_key",
    service: "shop",
    environment: "test",
    delayMs: 5,
    onProblem: (message) => problems.push(message),
    async fetch(url, init) {
      const { spans } = JSON.parse(String(init?.body)) as { spans: Sent[] };
      requests.push({
        url: String(url),
        spans: spans.length,
        authorization: new Headers(init?.headers).get("authorization"),
      });
      const answer = answers?.(spans) ?? new Response('{"accepted":1}', { status: 202 });
      if (answer instanceof Error) throw answer;
      if (answer.ok) received.push(...spans);
      return answer;
    },
    ...rest,
  });
  const spans = async () => {
    await tracing.flush();
    return received;
  };
  const named = async (name: string) => (await spans()).find((span) => span.name === name) ?? {};
  return { tracing, requests, problems, spans, named };
}

test("an observed function is recorded with its input, output and inner spans", async () => {
  const { tracing, spans, requests } = world();
  const find = tracing.observe({ name: "find", kind: "retrieval" }, async (query: string) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return [query, "found"];
  });
  const answer = tracing.observe("answer", async (question: string, options: { loud: boolean }) => {
    const [, word = ""] = await find(question);
    return options.loud ? word.toUpperCase() : word;
  });
  expect(await answer("where?", { loud: true })).toBe("FOUND");
  const [inner = {}, outer = {}] = await spans();
  expect(outer).toMatchObject({ name: "answer", parentSpanId: "", service: "shop", environment: "test" });
  expect(outer).toMatchObject({ input: ["where?", { loud: true }], output: "FOUND" });
  expect(inner).toMatchObject({ name: "find", kind: "retrieval", input: "where?", output: ["where?", "found"] });
  expect(inner).toMatchObject({ traceId: outer.traceId, parentSpanId: outer.spanId });
  expect(requests).toMatchObject([{ url: "http://treadle.test/api/v1/spans", authorization: "Bearer tr_key" }]);
});

test("two traces that run at once keep apart, with their users, sessions, tags and metadata", async () => {
  const { tracing, spans } = world();
  const step = tracing.observe("step", async () => new Promise((resolve) => setTimeout(resolve, 3)));
  await Promise.all(
    ["ada", "bob"].map((userId) =>
      tracing.with({ userId, sessionId: `s-${userId}`, tags: ["all"], metadata: { plan: "free" } }, () =>
        tracing.with({ tags: [userId], metadata: { step: "1" } }, () => tracing.span("handle", () => step())),
      ),
    ),
  );
  const all = await spans();
  expect(new Set(all.map((span) => span.traceId)).size).toBe(2);
  for (const userId of ["ada", "bob"]) {
    const own = all.filter((span) => span.userId === userId);
    expect(own.map((span) => span.name).sort()).toEqual(["handle", "step"]);
    expect(new Set(own.map((span) => span.traceId)).size).toBe(1);
    for (const span of own)
      expect(span).toMatchObject({
        sessionId: `s-${userId}`,
        tags: ["all", userId],
        metadata: { plan: "free", step: "1" },
      });
  }
});

test("what a function throws is thrown on, and the span says it", async () => {
  const { tracing, named } = world();
  class OutOfStock extends Error {
    override readonly name = "OutOfStock";
  }
  const fail = () => {
    throw new OutOfStock("no socks left");
  };
  expect(tracing.observe("at once", fail)).toThrow("no socks left");
  await expect(tracing.observe("later", async () => fail())()).rejects.toThrow(OutOfStock);
  for (const name of ["at once", "later"])
    expect(await named(name)).toMatchObject({
      status: "error",
      errorType: "OutOfStock",
      errorMessage: "no socks left",
    });
  const abortError = new DOMException("left", "AbortError");
  await expect(tracing.span("stopped", async () => Promise.reject(abortError))).rejects.toBe(abortError);
  expect(await named("stopped")).toMatchObject({ errorMessage: "left" });
});

test("a generator is recorded when it has been read, also when its reader leaves early", async () => {
  const { tracing, named } = world();
  let isClosed = false;
  const speak = tracing.observe("speak", async function* (count: number) {
    try {
      for (let word = 0; word < count; word++) yield `w${word} `;
    } finally {
      isClosed = true;
    }
  });
  for await (const word of speak(100)) if (word === "w1 ") break;
  expect(isClosed).toBe(true);
  expect(await named("speak")).toMatchObject({ input: 100, output: "w0 w1 " });
});

test("a trace continues from an incoming request into an outgoing request", async () => {
  const { tracing, named } = world();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const out = tracing.continueFrom({ traceparent }, () =>
    tracing.with({ userId: "Zoë", tags: ["a", "b"], metadata: { city: "Köln" } }, () =>
      tracing.span("handle", () => tracing.headers()),
    ),
  );
  const { traceId, spanId, parentSpanId } = await named("handle");
  expect([traceId, parentSpanId]).toEqual(["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
  expect(out).toMatchObject({
    traceparent: `00-${traceId}-${spanId}-01`,
    "x-treadle-tags": "a,b",
    "x-treadle-environment": "test",
  });
  expect(Buffer.from(out["x-treadle-user"] ?? "", "latin1").toString()).toBe("Zoë");
  expect(JSON.parse(out["x-treadle-metadata"] ?? "")).toEqual({ city: "Köln" });
  expect(() => new Headers(out)).not.toThrow();
});

test.each([
  "",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
])("a traceparent that is not valid begins a new trace (%s)", async (traceparent) => {
  const { tracing, named } = world();
  tracing.continueFrom(new Headers({ traceparent }), () => tracing.span("handle", () => undefined));
  const { traceId, parentSpanId } = await named("handle");
  expect(parentSpanId).toBe("");
  expect(traceId).not.toBe("0af7651916cd43dd8448eb211c80319c");
});

test("what cannot be JSON is recorded as something to read, and later changes are not", async () => {
  const { tracing, named } = world();
  const cyclic: Record<string, unknown> = { count: 10n, when: new Date(0), error: new Error("x"), list: new Set([1]) };
  cyclic.self = cyclic;
  cyclic.bytes = new Uint8Array(3);
  const messages = ["first"];
  tracing.span({ name: "odd", input: { cyclic, messages } }, (span) => {
    messages.push("second");
    span.update({ output: Number.NaN, attributes: { read: () => 1 } });
  });
  expect(await named("odd")).toMatchObject({
    input: {
      cyclic: {
        count: "10",
        when: "1970-01-01T00:00:00.000Z",
        error: { name: "Error", message: "x" },
        list: [1],
        self: "[circular]",
        bytes: "[3 bytes]",
      },
      messages: ["first"],
    },
    output: "NaN",
    attributes: { read: "[function read]" },
  });
});

test("a server that is away is tried again, and what was made meanwhile arrives", async () => {
  let tries = 0;
  const { tracing, spans } = world({
    answers: () => (++tries < 3 ? new Error("refused") : new Response("{}", { status: 202 })),
  });
  tracing.span("first", () => undefined);
  await expect.poll(() => tries, { timeout: 10_000 }).toBeGreaterThan(0);
  tracing.span("second", () => undefined);
  await expect.poll(async () => (await spans()).length, { timeout: 10_000 }).toBe(2);
  expect(tracing.droppedSpans()).toBe(0);
});

test("only the invalid span of a batch is lost, and the loss is reported", async () => {
  const { tracing, spans, problems } = world({
    answers: (batch) =>
      batch.some((span) => span.name === "bad") ? new Response("`name` is bad", { status: 400 }) : new Response("{}"),
  });
  for (let index = 0; index < 9; index++) tracing.span(index === 4 ? "bad" : `good ${index}`, () => undefined);
  expect((await spans()).map((span) => span.name)).toEqual([0, 1, 2, 3, 5, 6, 7, 8].map((index) => `good ${index}`));
  expect(tracing.droppedSpans()).toBe(1);
  expect(problems).toEqual([expect.stringContaining("`name` is bad")]);
});

test("a wrong key is reported once and loses spans, not memory; the program continues", async () => {
  const { tracing, problems, requests } = world({ answers: () => new Response("no such key", { status: 401 }) });
  for (let index = 0; index < 1_000; index++) tracing.span("lost", () => undefined);
  await tracing.flush();
  expect(tracing.droppedSpans()).toBe(1_000);
  expect(problems).toHaveLength(1);
  expect(requests.length).toBeLessThanOrEqual(10);
});

test("spans beyond the queue's bytes are dropped, and nothing waits", async () => {
  const { tracing } = world({ maxQueuedBytes: 20_000, answers: () => new Error("away") });
  for (let index = 0; index < 1_000; index++) tracing.span({ name: "big", input: "x".repeat(1_000) }, () => undefined);
  expect(tracing.droppedSpans()).toBeGreaterThan(900);
});

test("of the traces that are not sampled nothing is sent, and those inside them follow", async () => {
  const { tracing, spans } = world({ sampleRate: 0 });
  tracing.span("outer", () => tracing.span("inner", () => undefined));
  expect(await spans()).toEqual([]);
  expect(tracing.span("outer", () => tracing.headers().traceparent)).toMatch(/-00$/);
});

test("labels that are too long are cut instead of refused", async () => {
  const { tracing, named } = world();
  const long = "x".repeat(30_000);
  const tags = Array.from({ length: 200 }, (_, index) => `${index}${long}`);
  tracing.with({ userId: long, tags, metadata: { [long]: long } }, () => tracing.span("long", () => undefined));
  const span = await named("long");
  expect(String(span.userId)).toHaveLength(500);
  expect(span.tags).toHaveLength(100);
  expect(Object.entries(span.metadata ?? {})).toMatchObject([["x".repeat(200), "x".repeat(10_000)]]);
});

test("after the shutdown nothing is sent any more", async () => {
  const { tracing, spans } = world();
  tracing.span("before", () => undefined);
  await tracing.shutdown();
  tracing.span("after", () => undefined);
  expect((await spans()).map((span) => span.name)).toEqual(["before"]);
});
