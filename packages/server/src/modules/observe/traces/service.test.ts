import { SpanSummary } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshScope, makeSpan } from "./testing/make-span.ts";
import { openTestTraces } from "./testing/open-test-traces.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
let opened: Awaited<ReturnType<typeof openTestTraces>>;
beforeAll(async () => {
  opened = await openTestTraces(NOW);
});
afterAll(() => opened.close());

const page = { limit: 50, order: "startTime", direction: "desc" } as const;

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
  await opened.keep(scope, [span]);
  const { spans } = await opened.traces.get(scope, span.traceId);
  expect(JSON.parse(JSON.stringify(spans))).toEqual([{ ...span, isSample: false }]);
  const [summary] = (await opened.traces.list(scope, page)).items;
  expect(SpanSummary.parse(summary)).toMatchObject({
    startTime: "2026-11-20T10:00:00.123456Z",
    inputPreview: 'say "hi" lone \uFFFD NUL \u0000',
    outputPreview: '{"nested":{"deep":[1,2,{"three":null}]}}',
  });
});

test("keys that name parts of every object are stored as keys, and change no object", async () => {
  const scope = freshScope();
  const attributes = JSON.parse(
    '{"__proto__":{"isAdmin":true},"__proto__.isAdmin":"yes","constructor.prototype.x":"1"}',
  );
  const span = makeSpan({ attributes });
  await opened.keep(scope, [span]);
  const { spans } = await opened.traces.get(scope, span.traceId);
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
  expect(opened.calls.record(scope, makeSpan({ name: "recorded" }))).toBeUndefined();
  await opened.spool.flush();
  expect((await opened.traces.list(scope, page)).items).toMatchObject([{ name: "recorded" }]);
});

test("a recorded call reaches OTLP's notes and the count of calls", () => {
  const span = makeSpan({ name: "noted" });
  const before = opened.called();
  opened.calls.record(freshScope(), span);
  expect(opened.noted.at(-1)).toBe(span);
  expect(opened.called()).toBe(before + 1);
});

test("another project's spans are never seen, and its trace ids do not exist", async () => {
  const [mine, theirs] = [freshScope(), freshScope()];
  const span = makeSpan({ userId: "u1" });
  await opened.keep(theirs, [span]);
  expect((await opened.traces.list(mine, page)).items).toEqual([]);
  expect((await opened.traces.listTraces(mine, { limit: 50 })).items).toEqual([]);
  expect((await opened.traces.values(mine, { field: "userId" })).items).toEqual([]);
  await expect(opened.traces.get(mine, span.traceId)).rejects.toMatchObject({ code: "not_found" });
});

test("a span that was sent twice is shown once in its trace, and counts once in charts", async () => {
  const scope = freshScope();
  const span = makeSpan({ startTime: "2026-11-20T10:00:00.000000Z" });
  await opened.keep(scope, [span]);
  await opened.keep(scope, [span]);
  expect((await opened.traces.get(scope, span.traceId)).spans).toHaveLength(1);
  const period = { from: "2026-11-20T09:00:00.000000Z", to: "2026-11-20T11:00:00.000000Z", buckets: 4 };
  expect((await opened.traces.overview(scope, period)).totals.requests).toBe(1);
});

test("a watcher gets what is recorded in its project and passes its filter, until it goes away", async () => {
  const scope = freshScope();
  const ended = new AbortController();
  const summaries: SpanSummary[] = [];
  const watching = (async () => {
    for await (const span of opened.traces.watch(scope, { status: "error" }, ended.signal))
      summaries.push(SpanSummary.parse(span));
  })();
  opened.calls.record(scope, makeSpan({ name: "fine" }));
  opened.calls.record(scope, makeSpan({ name: "broken", status: "error", startTime: "2026-11-20T10:00:00.123456Z" }));
  opened.calls.record(freshScope(), makeSpan({ name: "elsewhere", status: "error" }));
  await opened.traces.ingest(scope, [makeSpan({ name: "sent", status: "error" })]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  ended.abort();
  await watching;
  expect(summaries).toMatchObject([{ name: "broken", startTime: "2026-11-20T10:00:00.123456Z" }, { name: "sent" }]);
  await opened.spool.flush();
  expect((await opened.traces.list(scope, page)).items).toHaveLength(3);
});

test("a slow watcher loses the oldest spans and holds only so many", async () => {
  const scope = freshScope();
  const ended = new AbortController();
  const iterator = opened.traces.watch(scope, {}, ended.signal)[Symbol.asyncIterator]();
  for (let count = 0; count < 700; count++) opened.calls.record(scope, makeSpan({ name: `span ${count}` }));
  const names: string[] = [];
  for (let count = 0; count < 500; count++) names.push((await iterator.next()).value.name);
  expect([names[0], names.at(-1)]).toEqual(["span 200", "span 699"]);
  ended.abort();
  expect((await iterator.next()).done).toBe(true);
});

test("a span dated outside the last five years is refused, with its place in the batch", async () => {
  const scope = freshScope();
  for (const startTime of ["2020-01-01T00:00:00.000Z", "2026-11-22T00:00:00.000Z", "9999-12-31T00:00:00.000Z"]) {
    await expect(opened.traces.ingest(scope, [makeSpan(), makeSpan({ startTime })])).rejects.toMatchObject({
      code: "invalid_request",
      details: { field: "spans.1.startTime" },
    });
  }
  await opened.spool.flush();
  expect((await opened.traces.list(scope, page)).items).toEqual([]);
});

test("samples say that they are samples", async () => {
  const scope = freshScope();
  await opened.traces.saveSamples(scope.projectId, [makeSpan()]);
  await opened.spool.flush();
  expect((await opened.traces.list(scope, page)).items).toMatchObject([{ isSample: true }]);
});
