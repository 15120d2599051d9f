import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { createPickedStore } from "./picked-store.ts";
import { createTraceReads } from "./reads.ts";

let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
let reads: ReturnType<typeof createTraceReads>;
beforeAll(async () => {
  columnar = await openTestColumnar();
  reads = createTraceReads(columnar);
});
afterAll(() => columnar.close());

const START = Date.parse("2026-11-20T10:00:00.000Z");
const HOUR = 3_600_000;
const at = (offsetMs: number) => new Date(START + offsetMs).toISOString();
const traceId = (digit: string) => digit.repeat(32);
const NOBODY = { userId: "", sessionId: "" };
type Fields = Parameters<typeof makeSpan>[0];

const keep = ({ projectId }: { projectId: string }, spans: readonly Fields[]) =>
  columnar.insert(
    "spans",
    spans.map((fields) => toRow(projectId, makeSpan({ ...NOBODY, ...fields }), false)),
  );
/** A root that may name its user and session, and calls below it without them. */
function traceOf(digit: string, calls: number, { startMs = 0, ...root }: Fields & { startMs?: number }): Fields[] {
  const shared = { traceId: traceId(digit) };
  const spanId = `${digit}`.repeat(16);
  const below = Array.from({ length: calls }, (_, index) => ({
    ...shared,
    parentSpanId: spanId,
    startTime: at(startMs + 1_000 * (index + 1)),
    kind: "generation" as const,
    inputTokens: 10,
    outputTokens: 2,
    costUsd: 0.5,
  }));
  return [
    { ...shared, spanId, kind: "agent", startTime: at(startMs), inputTokens: 0, outputTokens: 0, ...root },
    ...below,
  ];
}

test("a trace counts with all its spans for the user and the session that only its root names", async () => {
  const scope = freshScope();
  await keep(scope, traceOf("1", 29, { userId: "ada", sessionId: "talk" }));
  const totals = {
    traceCount: 1,
    spanCount: 30,
    inputTokens: 290,
    outputTokens: 58,
    costUsd: 14.5,
    lastTime: at(29_000),
  };
  expect((await reads.listUsers(scope, { limit: 5 })).items).toMatchObject([
    { userId: "ada", sessionCount: 1, ...totals },
  ]);
  expect((await reads.listSessions(scope, { limit: 5 })).items).toMatchObject([
    { sessionId: "talk", userId: "ada", models: ["gpt-4.1-2025-04-14"], ...totals },
  ]);
  expect((await reads.getSession(scope, "talk", { limit: 5 })).session).toMatchObject(totals);
  expect((await reads.listUsers(scope, { limit: 5, filter: "user:ada" })).items).toMatchObject([totals]);
  expect((await reads.listUsers(freshScope(), { limit: 5 })).items).toEqual([]);
});

test("a trace counts whole for a user that only a span in its middle names", async () => {
  const scope = freshScope();
  const [root, first, second] = traceOf("1", 2, {});
  await keep(
    scope,
    [root, { ...first, userId: "ada" }, second].flatMap((span) => span ?? []),
  );
  expect((await reads.listUsers(scope, { limit: 5 })).items).toMatchObject([
    { userId: "ada", spanCount: 3, inputTokens: 20, costUsd: 1 },
  ]);
});

test("in a trace with several users, each span counts once: for its own user, otherwise for the root's user", async () => {
  const scope = freshScope();
  const [root, ...calls] = traceOf("1", 4, { userId: "ada" });
  const named = calls.map((call, index) => (index < 1 ? { ...call, userId: "bob" } : call));
  await keep(scope, [root ?? {}, ...named]);
  const { items } = await reads.listUsers(scope, { limit: 5 });
  expect(items.map(({ userId, spanCount, costUsd, traceCount }) => [userId, spanCount, costUsd, traceCount])).toEqual([
    ["ada", 4, 1.5, 1],
    ["bob", 1, 0.5, 1],
  ]);
  const { items: ofBob } = await reads.listUsers(scope, { limit: 5, filter: "user:bob" });
  expect(ofBob).toMatchObject([{ userId: "bob", spanCount: 1 }]);
});

test("without a name on the root, unnamed spans count for the user that was named first", async () => {
  const scope = freshScope();
  const [root, first, second, third] = traceOf("1", 3, {});
  await keep(scope, [{ ...root }, { ...first, userId: "bob" }, { ...second, userId: "ada" }, { ...third }]);
  const { items } = await reads.listUsers(scope, { limit: 5 });
  expect(items.map(({ userId, spanCount }) => [userId, spanCount])).toEqual([
    ["bob", 3],
    ["ada", 1],
  ]);
});

/** Ada's root names her, Bob has one call of her trace, and a trace has no user. A day later Cleo has a trace. */
async function keepOwned() {
  const scope = freshScope();
  const [root, first, ...calls] = traceOf("1", 3, { userId: "ada", sessionId: "talk" });
  await keep(scope, [root ?? {}, { ...first, userId: "bob" }, ...calls]);
  await keep(scope, traceOf("2", 1, { startMs: HOUR }));
  await keep(scope, traceOf("3", 2, { userId: "cleo", startMs: 24 * HOUR }));
  const list = async (query: object) => {
    const { items } = await reads.list(scope, { limit: 50, order: "startTime", direction: "asc", ...query });
    return items.map(({ traceId: trace, kind }) => `${trace[0]} ${kind}`);
  };
  return { scope, list };
}

const [ADA, BOB] = [["1 agent", "1 generation", "1 generation"], ["1 generation"]];
const [NO_USER, CLEO] = [
  ["2 agent", "2 generation"],
  ["3 agent", "3 generation", "3 generation"],
];

test.each([
  ["user:ada", ADA],
  ["user:bob", BOB],
  ["user:ada kind:generation", BOB.concat(BOB)],
  ["user:a*", ADA],
  ["user:ada,cleo", [...ADA, ...CLEO]],
  ["user!=ada", [...BOB, ...NO_USER, ...CLEO]],
  ["-user:cleo", ["1 agent", ...BOB, ...BOB, ...BOB, ...NO_USER]],
  ['user:""', NO_USER],
  ['user:"",bob', [...BOB, ...NO_USER]],
  ['user!=""', ["1 agent", ...BOB, ...BOB, ...BOB, ...CLEO]],
  ["user:*", ["1 agent", ...BOB, ...BOB, ...BOB, ...NO_USER, ...CLEO]],
  ["has:user", ["1 agent", ...BOB, ...BOB, ...BOB, ...CLEO]],
  ["-has:user", NO_USER],
  ["session:talk user:bob", BOB],
  ["session!=talk", [...NO_USER, ...CLEO]],
  ["-has:session is:root", ["2 agent", "3 agent"]],
  ["(user:bob OR user:cleo) kind:generation", ["1 generation", "3 generation", "3 generation"]],
])("the filter %s matches spans by the owner that their trace names", async (filter, expected) => {
  const { scope, list } = await keepOwned();
  expect(await list({ filter })).toEqual(expected);
  expect((await list({ filter, direction: "desc" })).sort()).toEqual(expected.toSorted());
  expect(await createPickedStore(columnar).count(scope.projectId, { filter })).toBe(expected.length);
  const traces = new Set(expected.map((span) => span[0]));
  expect((await reads.listTraces(scope, { limit: 50, filter })).items).toHaveLength(traces.size);
});

test("the parameters userId and sessionId keep the same spans as the filter", async () => {
  const { list } = await keepOwned();
  expect(await list({ userId: "ada" })).toEqual(ADA);
  expect(await list({ userId: "ada,cleo" })).toEqual([...ADA, ...CLEO]);
  expect(await list({ sessionId: "talk", userId: "bob" })).toEqual(BOB);
});

test("the owner of a span is found before the period that the list has", async () => {
  const { scope, list } = await keepOwned();
  const period = { from: at(1_500), to: at(HOUR / 2) };
  expect(await list({ ...period, filter: "user:ada" })).toEqual(["1 generation", "1 generation"]);
  expect(await list({ ...period, filter: "user!=ada" })).toEqual([]);
  expect((await reads.overview(scope, { ...period, buckets: 4, filter: "user:ada" })).totals.requests).toBe(2);
  expect((await reads.traceTotals(scope, { ...period, buckets: 4, filter: "user:ada" })).totals.spans).toBe(4);
  expect((await reads.listSessions(scope, { ...period, limit: 5, filter: "user:ada" })).items).toMatchObject([
    { sessionId: "talk", spanCount: 4 },
  ]);
});

test("a filter matches sessions with a matching span, and their totals include whole traces", async () => {
  const scope = freshScope();
  const [root, ...calls] = traceOf("1", 3, { sessionId: "talk" });
  await keep(scope, [
    root ?? {},
    ...calls.map((call, index) => ({ ...call, status: index === 1 ? "error" : "ok" }) as Fields),
  ]);
  await keep(scope, traceOf("2", 3, { sessionId: "talk", startMs: HOUR }));
  await keep(scope, traceOf("3", 3, { sessionId: "calm", startMs: HOUR }));
  expect((await reads.listSessions(scope, { limit: 5, filter: "status:error" })).items).toMatchObject([
    { sessionId: "talk", traceCount: 1, spanCount: 4, errorCount: 1, costUsd: 1.5 },
  ]);
});

test("a trace that reaches into the period counts whole, and one outside it does not", async () => {
  const scope = freshScope();
  await keep(scope, traceOf("1", 3, { userId: "ada", startMs: -500 }));
  await keep(scope, traceOf("2", 3, { userId: "ada", startMs: -HOUR }));
  await keep(scope, traceOf("3", 3, { userId: "bob", startMs: -HOUR }));
  expect((await reads.listUsers(scope, { limit: 5, from: at(0), to: at(HOUR) })).items).toMatchObject([
    { userId: "ada", traceCount: 1, spanCount: 4, firstTime: at(-500) },
  ]);
});

test("users are listed by the last span of their traces, page by page, though only roots name them", async () => {
  const scope = freshScope();
  await keep(scope, traceOf("1", 1, { userId: "ada", startMs: 0 }));
  await keep(scope, traceOf("2", 1, { userId: "bob", startMs: -30 * HOUR }));
  await keep(scope, traceOf("3", 9, { userId: "cleo", startMs: -5_000 }));
  const first = await reads.listUsers(scope, { limit: 2 });
  const second = await reads.listUsers(scope, { limit: 2, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ userId }) => userId)).toEqual(["cleo", "ada", "bob"]);
});

test("the totals of traces match the rows of the list, each trace with all its spans", async () => {
  const scope = freshScope();
  const [root, ...calls] = traceOf("1", 3, { durationMs: 9_000 });
  await keep(scope, [
    root ?? {},
    ...calls.map((call, index) => ({ ...call, status: index === 1 ? "error" : "ok" }) as Fields),
  ]);
  await keep(scope, traceOf("2", 1, { startMs: 2 * HOUR, durationMs: 5_000 }));
  await keep(scope, traceOf("3", 1, { startMs: -1_500, durationMs: 3_000 }));
  await keep(scope, traceOf("4", 1, { startMs: -9 * HOUR }));
  const period = { from: at(-1_000), to: at(3 * HOUR) };
  const all = await reads.traceTotals(scope, { ...period, buckets: 12 });
  const rows = (await reads.listTraces(scope, { ...period, limit: 50 })).items;
  expect(rows).toHaveLength(3);
  expect(all.totals).toMatchObject({
    traces: 3,
    failedTraces: 1,
    spans: 8,
    failedSpans: 1,
    costUsd: 2.5,
    inputTokens: 50,
  });
  expect(all.totals.durationP50Ms).toBe(rows.map(({ durationMs }) => durationMs).sort((a, b) => a - b)[1]);
  expect(all.bucketSeconds).toBe(1_800);
  expect(all.buckets.filter(({ traces }) => traces > 0)).toEqual([
    { time: at(-HOUR / 2), traces: 1, failedTraces: 0 },
    { time: at(0), traces: 1, failedTraces: 1 },
    { time: at(2 * HOUR), traces: 1, failedTraces: 0 },
  ]);
  const failed = await reads.traceTotals(scope, { ...period, buckets: 12, filter: "status:error" });
  expect(failed.totals).toMatchObject({ traces: 1, spans: 4, durationP50Ms: 9_000 });
  expect((await reads.traceTotals(freshScope(), { ...period, buckets: 12 })).totals).toMatchObject({
    traces: 0,
    durationP50Ms: null,
    costUsd: null,
  });
});

test("the buckets of the overview follow the clock, so that a peak is the same a moment later", async () => {
  const scope = freshScope();
  await keep(
    scope,
    [0, 10_000, 299_000, 301_000].map((ms) => ({ kind: "generation", startTime: at(ms) }) as Fields),
  );
  const bucketsFrom = async (ms: number) => {
    const query = { from: at(ms - HOUR), to: at(ms + HOUR), buckets: 24 };
    const { buckets, bucketSeconds } = await reads.overview(scope, query);
    return [
      bucketSeconds,
      ...buckets.filter(({ requests }) => requests > 0).map(({ time, requests }) => [time, requests]),
    ];
  };
  const expected = [300, [at(0), 3], [at(300_000), 1]];
  expect(await bucketsFrom(0)).toEqual(expected);
  expect(await bucketsFrom(33_000)).toEqual(expected);
  expect(await bucketsFrom(271_500)).toEqual(expected);
});

test("the period before has as many buckets, each as long before as the period is long", async () => {
  const scope = freshScope();
  await keep(
    scope,
    [1_000, 1_000 - 2 * HOUR].map((ms) => ({ kind: "generation", startTime: at(ms) }) as Fields),
  );
  const query = { from: at(70_000 - HOUR), to: at(70_000 + HOUR), buckets: 24 };
  expect((await reads.overview(scope, query)).before).toBeUndefined();
  const { buckets, before, models } = await reads.overview(scope, { ...query, compare: "previous" });
  const placeOf = (list: typeof buckets | undefined) => list?.findIndex(({ requests }) => requests > 0);
  expect(before?.buckets).toHaveLength(buckets.length);
  expect(placeOf(before?.buckets)).toBe(placeOf(buckets));
  expect(before?.models).toMatchObject([{ model: models[0]?.model, requests: 1 }]);
});
