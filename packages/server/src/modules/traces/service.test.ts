import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Overview, type Span, type SpanFilter, SpanSummary, TraceSummary } from "@treadle/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../kernel/scope.ts";
import { openTestColumnar } from "../../platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../platform/spool/open.ts";
import { matchesFilter } from "./match-filter.ts";
import { createTraces, type Traces } from "./service.ts";
import { toRow } from "./span-row.ts";
import { freshScope, makeSpan } from "./testing/make-span.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
let spool: Awaited<ReturnType<typeof openSpool>>;
let folder: string;
let traces: Traces;

beforeAll(async () => {
  columnar = await openTestColumnar();
  folder = await mkdtemp(join(tmpdir(), "treadle-traces-"));
  const clock = { now: () => NOW, elapsed: () => performance.now() };
  spool = await openSpool({
    folder,
    capBytes: 1e9,
    deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
    log: silent,
    clock,
  });
  traces = createTraces({ columnar, spool, clock });
});
afterAll(async () => {
  await spool.close();
  await columnar.close();
  await rm(folder, { recursive: true, force: true });
});

const page = { limit: 50, order: "startTime", direction: "desc" } as const;
const at = (minute: number, second = 0) =>
  new Date(Date.parse("2026-11-20T10:00:00.000Z") + (minute * 60 + second) * 1_000).toISOString();
async function keep(scope: Scope, spans: readonly Span[]) {
  expect(await traces.ingest(scope, spans)).toBe(spans.length);
  await spool.flush();
}
async function readAll(scope: Scope, query: Parameters<Traces["list"]>[1]) {
  const items: SpanSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const next = await traces.list(scope, { ...query, cursor });
    items.push(...next.items);
    if (next.nextCursor === null) return items;
    cursor = next.nextCursor;
  }
}

test("a span comes back as it was sent: payloads, microseconds, types of attributes, NUL and all", async () => {
  const scope = freshScope();
  const span = makeSpan({
    startTime: "2026-11-20T10:00:00.123456Z",
    durationMs: 1_234.5678,
    timeToFirstTokenMs: 0,
    status: "error",
    errorType: "rate_limited",
    errorMessage: "slow down\u0000 please",
    name: "näme 😀",
    tags: ["a", "b,c"],
    metadata: { plan: "pro", constructor: "x" },
    costUsd: 0.00012345,
    inputTokens: 4_294_967_295,
    parameters: { temperature: 0.2, stop: ["\n"] },
    input: [{ role: "user", parts: [{ type: "text", content: 'say "hi"\nlone \uD800 NUL \u0000' }] }],
    output: { nested: { deep: [1, 2, { three: null }] } },
    attributes: { "gen_ai.request.top_k": 5, text: "5", flag: true, list: ["x"] },
    attempts: [
      { connection: "main", provider: "openai", model: "gpt-4.1", status: 429, error: "slow down", durationMs: 12 },
    ],
  });
  await keep(scope, [span]);
  const { spans } = await traces.get(scope, span.traceId);
  expect(JSON.parse(JSON.stringify(spans))).toEqual([{ ...span, isSample: false }]);
  const [summary] = (await traces.list(scope, page)).items;
  expect(SpanSummary.parse(summary)).toMatchObject({
    startTime: "2026-11-20T10:00:00.123456Z",
    inputPreview: 'say "hi" lone \uFFFD NUL \u0000',
    outputPreview: '{"nested":{"deep":[1,2,{"three":null}]}}',
  });
});

test("keys that name parts of every object are kept as keys, and change no object", async () => {
  const scope = freshScope();
  const attributes = JSON.parse(
    '{"__proto__":{"isAdmin":true},"__proto__.isAdmin":"yes","constructor.prototype.x":"1"}',
  );
  const span = makeSpan({ attributes });
  await keep(scope, [span]);
  const { spans } = await traces.get(scope, span.traceId);
  expect(JSON.stringify(spans[0]?.attributes)).toContain('"__proto__":{"isAdmin":true}');
  expect(Object.keys(spans[0]?.attributes ?? {}).sort()).toEqual([
    "__proto__",
    "__proto__.isAdmin",
    "constructor.prototype.x",
  ]);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test("a recorded span is stored without a wait", async () => {
  const scope = freshScope();
  expect(traces.record(scope, makeSpan({ name: "recorded" }))).toBeUndefined();
  await spool.flush();
  expect((await traces.list(scope, page)).items).toMatchObject([{ name: "recorded" }]);
});

test("another project's spans are never seen, and its trace ids do not exist", async () => {
  const [mine, theirs] = [freshScope(), freshScope()];
  const span = makeSpan({ userId: "u1" });
  await keep(theirs, [span]);
  expect((await traces.list(mine, page)).items).toEqual([]);
  expect((await traces.listTraces(mine, { limit: 50 })).items).toEqual([]);
  expect((await traces.values(mine, { field: "userId" })).items).toEqual([]);
  await expect(traces.get(mine, span.traceId)).rejects.toMatchObject({ code: "not_found" });
});

test.each(["startTime", "durationMs", "costUsd", "inputTokens", "outputTokens", "timeToFirstTokenMs"] as const)(
  "pages by %s hold every span once, though others arrive meanwhile",
  async (order) => {
    const scope = freshScope();
    // Few values and many ties: the page ends fall between equal ones.
    const spans = Array.from({ length: 37 }, (_, index) =>
      makeSpan({
        startTime: at(index % 5),
        durationMs: index % 3 === 0 ? 0.1 + 0.2 : index % 7,
        costUsd: index % 4 === 0 ? null : (index % 6) / 3,
        inputTokens: index % 3,
        outputTokens: index % 2,
        timeToFirstTokenMs: index % 5 === 0 ? null : index % 4,
      }),
    );
    await keep(scope, spans);
    for (const direction of ["asc", "desc"] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const next = await traces.list(scope, { limit: 7, order, direction, cursor });
        seen.push(...next.items.map((item) => item.spanId));
        cursor = next.nextCursor ?? undefined;
        // Rows that belong before the cursor must not push anything onto the next page again.
        await keep(scope, [
          makeSpan({
            startTime: direction === "desc" ? at(59) : at(-59),
            durationMs: direction === "desc" ? 1e6 : 0,
            costUsd: direction === "desc" ? 1e6 : 0,
            inputTokens: direction === "desc" ? 1e6 : 0,
            outputTokens: direction === "desc" ? 1e6 : 0,
            timeToFirstTokenMs: direction === "desc" ? 1e6 : 0,
            name: "late",
          }),
        ]);
      } while (cursor);
      expect(new Set(seen).size).toBe(seen.length);
      expect(spans.every((span) => seen.includes(span.spanId))).toBe(true);
    }
  },
);

test("spans without a value come last, whichever way the list is sorted", async () => {
  const scope = freshScope();
  await keep(scope, [
    makeSpan({ costUsd: null, name: "unknown" }),
    makeSpan({ costUsd: 2, name: "two" }),
    makeSpan({ costUsd: 1, name: "one" }),
  ]);
  const names = async (direction: "asc" | "desc") =>
    (await traces.list(scope, { ...page, order: "costUsd", direction })).items.map((item) => item.name);
  expect(await names("asc")).toEqual(["one", "two", "unknown"]);
  expect(await names("desc")).toEqual(["two", "one", "unknown"]);
});

test("a cursor of another order, or made up, is refused and never reaches the engine", async () => {
  const scope = freshScope();
  await keep(scope, [makeSpan(), makeSpan()]);
  const { nextCursor } = await traces.list(scope, { ...page, limit: 1 });
  for (const cursor of [nextCursor ?? "", "junk", Buffer.from('["costUsd","asc","x","y","z"]').toString("base64url")]) {
    await expect(traces.list(scope, { ...page, order: "costUsd", direction: "asc", cursor })).rejects.toMatchObject({
      code: "invalid_request",
    });
  }
  await expect(
    traces.listTraces(scope, { limit: 1, cursor: Buffer.from('["x","y"]').toString("base64url") }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("the query and the live filter keep the same spans", async () => {
  const scope = freshScope();
  const word = fc.constantFrom("", "alpha", "Beta", "a,b", 'qu"ote', "%", "_", "\\");
  const arbitrarySpan = fc.record({
    kind: fc.constantFrom("generation", "tool", "agent"),
    status: fc.constantFrom("ok", "error"),
    requestModel: word,
    responseModel: word,
    provider: word,
    endpoint: word,
    userId: word,
    sessionId: word,
    tags: fc.array(word, { maxLength: 2 }),
    durationMs: fc.integer({ min: 0, max: 3 }),
    costUsd: fc.option(fc.integer({ min: 0, max: 3 })),
    inputTokens: fc.integer({ min: 0, max: 3 }),
    parentSpanId: fc.constantFrom("", "00000000000000aa"),
    errorMessage: word,
    input: fc.option(word.map((text) => [{ role: "user", parts: [{ type: "text", content: `Tell: ${text}` }] }])),
    output: fc.option(word.map((text) => ({ text }))),
  });
  const spans = fc.sample(arbitrarySpan, { numRuns: 60, seed: 7 }).map((values) => makeSpan(values as Partial<Span>));
  await keep(scope, spans);
  const some = fc.option(word, { nil: undefined });
  const level = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
  const filters = fc.record({
    search: some,
    model: some,
    provider: some,
    endpoint: some,
    userId: some,
    sessionId: some,
    tag: some,
    kind: fc.option(fc.constantFrom("tool", "tool,agent"), { nil: undefined }),
    status: fc.option(fc.constantFrom("ok", "error"), { nil: undefined }),
    minDurationMs: level,
    minCostUsd: level,
    minTokens: level,
    rootsOnly: fc.option(fc.boolean(), { nil: undefined }),
  });
  // Few keys at a time, so that filters keep something.
  const sparse = fc.tuple(
    filters,
    fc.shuffledSubarray(
      [
        "search",
        "model",
        "provider",
        "endpoint",
        "userId",
        "sessionId",
        "tag",
        "kind",
        "status",
        "minDurationMs",
        "minCostUsd",
        "minTokens",
        "rootsOnly",
      ],
      { minLength: 1, maxLength: 2 },
    ),
  );
  await fc.assert(
    fc.asyncProperty(sparse, async ([all, keys]) => {
      const filter: SpanFilter = Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
      const found = (await readAll(scope, { ...page, limit: 200, ...filter })).map((item) => item.spanId).sort();
      const expected = spans
        .filter((span) => matchesFilter(toRow(scope.projectId, span, false), filter))
        .map((span) => span.spanId)
        .sort();
      expect(found).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("times narrow a list: from is inside, to is not", async () => {
  const scope = freshScope();
  await keep(scope, [
    makeSpan({ name: "before", startTime: "2026-11-20T09:59:59.999999Z" }),
    makeSpan({ name: "first", startTime: at(0) }),
    makeSpan({ name: "last", startTime: "2026-11-20T10:00:59.999999Z" }),
    makeSpan({ name: "after", startTime: at(1) }),
  ]);
  const { items } = await traces.list(scope, { ...page, from: "2026-11-20T11:00:00.000+01:00", to: at(1) });
  expect(items.map((item) => item.name)).toEqual(["last", "first"]);
});

test("traces are summed up from their spans, newest first, and paged", async () => {
  const scope = freshScope();
  const traceIds = Array.from({ length: 5 }, (_, index) => `${index + 1}`.repeat(32));
  for (const [index, traceId] of traceIds.entries()) {
    const root = makeSpan({
      traceId,
      kind: "agent",
      name: `agent ${index}`,
      startTime: at(index),
      durationMs: 3_000,
      userId: "u",
      inputTokens: 99,
      costUsd: 99,
      tags: ["x"],
    });
    const call = makeSpan({
      traceId,
      parentSpanId: root.spanId,
      startTime: at(index, 1),
      durationMs: 2_500,
      inputTokens: 10,
      outputTokens: 5,
      costUsd: index === 0 ? null : 0.5,
      tags: ["y"],
      status: index === 1 ? "error" : "ok",
      sessionId: "s",
    });
    await keep(scope, [call, root]);
  }
  const first = await traces.listTraces(scope, { limit: 3 });
  const second = await traces.listTraces(scope, { limit: 3, cursor: first.nextCursor ?? "" });
  const all = [...first.items, ...second.items];
  for (const trace of all) TraceSummary.parse(trace);
  expect(all.map((trace) => trace.name)).toEqual(["agent 4", "agent 3", "agent 2", "agent 1", "agent 0"]);
  expect(second.nextCursor).toBeNull();
  expect(all[3]).toEqual({
    traceId: traceIds[1],
    name: "agent 1",
    startTime: at(1),
    durationMs: 3_500,
    status: "ok",
    spanCount: 2,
    errorCount: 1,
    models: ["gpt-4.1-2025-04-14"],
    inputTokens: 10,
    outputTokens: 5,
    costUsd: 0.5,
    userId: "u",
    sessionId: "s",
    tags: ["x", "y"],
  });
  expect(all[4]?.costUsd).toBeNull();
  const failed = await traces.listTraces(scope, { limit: 50, status: "error" });
  expect(failed.items).toMatchObject([{ name: "agent 1", spanCount: 2 }]);
});

test("a span that was sent twice is shown once in its trace", async () => {
  const scope = freshScope();
  const span = makeSpan();
  await keep(scope, [span]);
  await keep(scope, [span]);
  expect((await traces.get(scope, span.traceId)).spans).toHaveLength(1);
});

test("the overview fills gaps, compares with the time before, and counts only model calls", async () => {
  const scope = freshScope();
  await keep(scope, [
    makeSpan({
      startTime: at(0),
      durationMs: 100,
      timeToFirstTokenMs: 10,
      inputTokens: 10,
      outputTokens: 1,
      costUsd: 0.25,
    }),
    makeSpan({ startTime: at(0, 30), durationMs: 300, inputTokens: 20, outputTokens: 2, costUsd: null }),
    makeSpan({
      startTime: at(9, 59),
      durationMs: 200,
      status: "error",
      costUsd: null,
      provider: "anthropic",
      responseModel: "claude",
    }),
    makeSpan({ startTime: at(5), kind: "agent", inputTokens: 1_000, costUsd: 5 }),
    makeSpan({ startTime: at(-1), durationMs: 50, costUsd: 1 }),
    makeSpan({ startTime: at(10), durationMs: 50, costUsd: 1 }),
  ]);
  const overview = Overview.parse(await traces.overview(scope, { from: at(0), to: at(10), buckets: 10 }));
  expect(overview).toMatchObject({
    bucketSeconds: 60,
    totals: {
      requests: 3,
      errors: 1,
      inputTokens: 30,
      outputTokens: 3,
      costUsd: 0.25,
      unpricedRequests: 1,
      latencyP50Ms: 200,
      timeToFirstTokenP50Ms: 10,
    },
  });
  expect(overview.previous).toMatchObject({ requests: 1, costUsd: 1, timeToFirstTokenP50Ms: null });
  expect(overview.buckets.map((bucket) => bucket.requests)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(overview.buckets[3]).toMatchObject({ time: at(3), latencyP50Ms: null, costUsd: 0 });
  expect(overview.models).toMatchObject([
    { model: "gpt-4.1-2025-04-14", provider: "openai", requests: 2 },
    { model: "claude", provider: "anthropic", requests: 1, errors: 1 },
  ]);
  await expect(traces.overview(scope, { from: at(1), to: at(1), buckets: 10 })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("the values of a field come with their counts, by a prefix in any case", async () => {
  const scope = freshScope();
  await keep(scope, [
    makeSpan({ userId: "Ann", tags: ["t1", "t2"] }),
    makeSpan({ userId: "Ann", tags: ["t1"] }),
    makeSpan({ userId: "anton" }),
    makeSpan({ userId: "bob" }),
  ]);
  expect((await traces.values(scope, { field: "userId", prefix: "an" })).items).toEqual([
    { value: "Ann", count: 2 },
    { value: "anton", count: 1 },
  ]);
  expect((await traces.values(scope, { field: "tag" })).items).toEqual([
    { value: "t1", count: 2 },
    { value: "t2", count: 1 },
  ]);
  expect((await traces.values(scope, { field: "model" })).items).toEqual([{ value: "gpt-4.1-2025-04-14", count: 4 }]);
});

test("a watcher gets what is recorded in its project and passes its filter, until it goes away", async () => {
  const scope = freshScope();
  const ended = new AbortController();
  const seen: SpanSummary[] = [];
  const watching = (async () => {
    for await (const span of traces.watch(scope, { status: "error" }, ended.signal)) seen.push(SpanSummary.parse(span));
  })();
  traces.record(scope, makeSpan({ name: "fine" }));
  traces.record(scope, makeSpan({ name: "broken", status: "error", startTime: "2026-11-20T10:00:00.123456Z" }));
  traces.record(freshScope(), makeSpan({ name: "elsewhere", status: "error" }));
  await traces.ingest(scope, [makeSpan({ name: "sent", status: "error" })]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  ended.abort();
  await watching;
  expect(seen).toMatchObject([{ name: "broken", startTime: "2026-11-20T10:00:00.123456Z" }, { name: "sent" }]);
  await spool.flush();
  expect((await traces.list(scope, page)).items).toHaveLength(3);
});

test("a slow watcher loses the oldest spans and holds only so many", async () => {
  const scope = freshScope();
  const ended = new AbortController();
  const iterator = traces.watch(scope, {}, ended.signal)[Symbol.asyncIterator]();
  for (let count = 0; count < 700; count++) traces.record(scope, makeSpan({ name: `span ${count}` }));
  const names: string[] = [];
  for (let count = 0; count < 500; count++) names.push((await iterator.next()).value.name);
  expect([names[0], names.at(-1)]).toEqual(["span 200", "span 699"]);
  ended.abort();
  expect((await iterator.next()).done).toBe(true);
});

test("a span dated outside the last five years is refused, with its place in the batch", async () => {
  const scope = freshScope();
  for (const startTime of ["2020-01-01T00:00:00.000Z", "2026-11-22T00:00:00.000Z", "9999-12-31T00:00:00.000Z"]) {
    await expect(traces.ingest(scope, [makeSpan(), makeSpan({ startTime })])).rejects.toMatchObject({
      code: "invalid_request",
      details: { field: "spans.1.startTime" },
    });
  }
  await spool.flush();
  expect((await traces.list(scope, page)).items).toEqual([]);
});

test("samples say that they are samples", async () => {
  const scope = freshScope();
  await traces.saveSamples(scope.projectId, [makeSpan()]);
  await spool.flush();
  expect((await traces.list(scope, page)).items).toMatchObject([{ isSample: true }]);
});
