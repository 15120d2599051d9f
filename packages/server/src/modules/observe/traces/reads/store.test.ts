import { Overview, type Span, type SpanFilter, type SpanSummary, TraceSummary } from "@treadle/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { matchesFilter } from "../filter/match-filter.ts";
import { toRow } from "../rows/span-row.ts";
import type { Traces } from "../service.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { openTestTraces } from "../testing/open-test-traces.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
let opened: Awaited<ReturnType<typeof openTestTraces>>;
beforeAll(async () => {
  opened = await openTestTraces(NOW);
});
afterAll(() => opened.close());

const page = { limit: 50, order: "startTime", direction: "desc" } as const;
const at = (minute: number, second = 0) =>
  new Date(Date.parse("2026-11-20T10:00:00.000Z") + (minute * 60 + second) * 1_000).toISOString();

async function readAll(scope: Scope, query: Parameters<Traces["list"]>[1]) {
  const items: SpanSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const next = await opened.traces.list(scope, { ...query, cursor });
    items.push(...next.items);
    if (next.nextCursor === null) return items;
    cursor = next.nextCursor;
  }
}

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
    await opened.keep(scope, spans);
    for (const direction of ["asc", "desc"] as const) {
      const spanIds: string[] = [];
      let cursor: string | undefined;
      do {
        const next = await opened.traces.list(scope, { limit: 7, order, direction, cursor });
        spanIds.push(...next.items.map((item) => item.spanId));
        cursor = next.nextCursor ?? undefined;
        // Rows that belong before the cursor must not push anything onto the next page again.
        await opened.keep(scope, [
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
      expect(new Set(spanIds).size).toBe(spanIds.length);
      expect(spans.every((span) => spanIds.includes(span.spanId))).toBe(true);
    }
  },
);

test("spans without a value come last, whichever way the list is sorted", async () => {
  const scope = freshScope();
  await opened.keep(scope, [
    makeSpan({ costUsd: null, name: "unknown" }),
    makeSpan({ costUsd: 2, name: "two" }),
    makeSpan({ costUsd: 1, name: "one" }),
  ]);
  const names = async (direction: "asc" | "desc") =>
    (await opened.traces.list(scope, { ...page, order: "costUsd", direction })).items.map((item) => item.name);
  expect(await names("asc")).toEqual(["one", "two", "unknown"]);
  expect(await names("desc")).toEqual(["two", "one", "unknown"]);
});

test("a cursor of another order, or made up, is refused and never reaches the engine", async () => {
  const scope = freshScope();
  await opened.keep(scope, [makeSpan(), makeSpan()]);
  const { nextCursor } = await opened.traces.list(scope, { ...page, limit: 1 });
  for (const cursor of [nextCursor ?? "", "junk", Buffer.from('["costUsd","asc","x","y","z"]').toString("base64url")]) {
    await expect(
      opened.traces.list(scope, { ...page, order: "costUsd", direction: "asc", cursor }),
    ).rejects.toMatchObject({
      code: "invalid_request",
    });
  }
  await expect(
    opened.traces.listTraces(scope, { limit: 1, cursor: Buffer.from('["x","y"]').toString("base64url") }),
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
  await opened.keep(scope, spans);
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
      const spanIds = (await readAll(scope, { ...page, limit: 200, ...filter })).map((item) => item.spanId).sort();
      const expected = spans
        .filter((span) => matchesFilter(toRow(scope.projectId, span, false), filter))
        .map((span) => span.spanId)
        .sort();
      expect(spanIds).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("times narrow a list: from is inside, to is not", async () => {
  const scope = freshScope();
  await opened.keep(scope, [
    makeSpan({ name: "before", startTime: "2026-11-20T09:59:59.999999Z" }),
    makeSpan({ name: "first", startTime: at(0) }),
    makeSpan({ name: "last", startTime: "2026-11-20T10:00:59.999999Z" }),
    makeSpan({ name: "after", startTime: at(1) }),
  ]);
  const { items } = await opened.traces.list(scope, { ...page, from: "2026-11-20T11:00:00.000+01:00", to: at(1) });
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
      input: `question ${index}`,
      output: `answer ${index}`,
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
    await opened.keep(scope, [call, root]);
  }
  const first = await opened.traces.listTraces(scope, { limit: 3 });
  const second = await opened.traces.listTraces(scope, { limit: 3, cursor: first.nextCursor ?? "" });
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
    inputPreview: "question 1",
    outputPreview: "answer 1",
  });
  expect(all[4]?.costUsd).toBeNull();
  const failed = await opened.traces.listTraces(scope, { limit: 50, status: "error" });
  expect(failed.items).toMatchObject([{ name: "agent 1", spanCount: 2 }]);
});

test("the overview fills gaps, compares with the time before, and counts only model calls", async () => {
  const scope = freshScope();
  await opened.keep(scope, [
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
  const overview = Overview.parse(await opened.traces.overview(scope, { from: at(0), to: at(10), buckets: 10 }));
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
  await expect(opened.traces.overview(scope, { from: at(1), to: at(1), buckets: 10 })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("the values of a field come with their counts, by a prefix in any case", async () => {
  const scope = freshScope();
  await opened.keep(scope, [
    makeSpan({ userId: "Ann", tags: ["t1", "t2"] }),
    makeSpan({ userId: "Ann", tags: ["t1"] }),
    makeSpan({ userId: "anton" }),
    makeSpan({ userId: "bob" }),
  ]);
  expect((await opened.traces.values(scope, { field: "userId", prefix: "an" })).items).toEqual([
    { value: "Ann", count: 2 },
    { value: "anton", count: 1 },
  ]);
  expect((await opened.traces.values(scope, { field: "tag" })).items).toEqual([
    { value: "t1", count: 2 },
    { value: "t2", count: 1 },
  ]);
  expect((await opened.traces.values(scope, { field: "model" })).items).toEqual([
    { value: "gpt-4.1-2025-04-14", count: 4 },
  ]);
});

test("traces far apart in time are all listed, in order and in pages, including a trace that started before the period", async () => {
  const scope = freshScope();
  const traceIds = Array.from({ length: 9 }, (_, index) => (index + 1).toString(16).repeat(32));
  // Minutes, hours, days, weeks and years before now.
  const agoMinutes = [1, 50, 65, 11 * 60, 13 * 60, 6 * 1440, 8 * 1440, 100 * 1440, 1_500 * 1440];
  const before = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
  await opened.keep(
    scope,
    traceIds.map((traceId, index) => makeSpan({ traceId, startTime: before(agoMinutes[index] ?? 0) })),
  );
  // The third oldest lasts for days.
  await opened.keep(scope, [
    makeSpan({ traceId: traceIds[6] ?? "", startTime: before(30), parentSpanId: "00000000000000aa", status: "error" }),
  ]);
  const spanIds: string[] = [];
  let cursor: string | undefined;
  do {
    const next = await opened.traces.listTraces(scope, { limit: 2, cursor });
    spanIds.push(...next.items.map((trace) => trace.traceId));
    cursor = next.nextCursor ?? undefined;
  } while (cursor);
  expect(spanIds).toEqual(traceIds);
  const lastHour = await opened.traces.listTraces(scope, { limit: 50, from: before(60) });
  expect(lastHour.items.map((trace) => trace.traceId)).toEqual([traceIds[0], traceIds[1], traceIds[6]]);
  const failed = await opened.traces.listTraces(scope, { limit: 50, status: "error" });
  expect(failed.items).toMatchObject([{ traceId: traceIds[6], spanCount: 2, startTime: before(8 * 1440) }]);
});
