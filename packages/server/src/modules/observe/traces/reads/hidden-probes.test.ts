import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { hideProbes } from "../filter/hide-probes.ts";
import { matchesFilter } from "../filter/match-filter.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { createTraceReads } from "./reads.ts";

const [USER_TRACE, PROBE_TRACE] = ["a".repeat(32), "b".repeat(32)];
const PERIOD = { from: "2026-11-20T09:00:00.000Z", to: "2026-11-20T11:00:00.000Z" };
const scope = freshScope();
const spans = [
  makeSpan({ traceId: USER_TRACE, userId: "ada", sessionId: "talk", costUsd: 1 }),
  makeSpan({ traceId: PROBE_TRACE, userId: "prober", sessionId: "probe-1", costUsd: 2, environment: "probe" }),
];
const rows = spans.map((span) => toRow(scope.projectId, span, false));
let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
let reads: ReturnType<typeof createTraceReads>;
beforeAll(async () => {
  columnar = await openTestColumnar();
  await columnar.insert("spans", rows);
  reads = createTraceReads(columnar);
});
afterAll(() => columnar.close());

const page = { limit: 5 };
const inOrder = { ...page, order: "startTime", direction: "desc" } as const;
/** What each list and measure shows of a filter: ids of traces, sessions and users, and counts of calls and traces. */
async function show(filter: { filter?: string; traceId?: string }) {
  const [listed, traces, sessions, users, overview, totals] = [
    await reads.list(scope, { ...inOrder, ...filter }),
    await reads.listTraces(scope, { ...page, ...filter }),
    await reads.listSessions(scope, { ...page, ...filter }),
    await reads.listUsers(scope, { ...page, ...filter }),
    await reads.overview(scope, { ...PERIOD, buckets: 4, ...filter }),
    await reads.traceTotals(scope, { ...PERIOD, buckets: 4, ...filter }),
  ];
  return {
    spans: listed.items.map(({ traceId }) => traceId).toSorted(),
    traces: traces.items.map(({ traceId }) => traceId).toSorted(),
    sessions: sessions.items.map(({ sessionId }) => sessionId).toSorted(),
    users: users.items.map(({ userId }) => userId).toSorted(),
    requests: overview.totals.requests,
    total: totals.totals.traces,
    live: rows.filter((row) => matchesFilter(row, hideProbes(filter))).length,
  };
}

const USER_ONLY = {
  spans: [USER_TRACE],
  traces: [USER_TRACE],
  sessions: ["talk"],
  users: ["ada"],
  requests: 1,
  total: 1,
  live: 1,
};

test.each([{}, { filter: "model:gpt-4.1*" }, { filter: "cost>0 OR status:error" }])(
  "lists and measures leave out the calls of probes: %j",
  async (filter) => {
    expect(await show(filter)).toEqual(USER_ONLY);
  },
);

test.each([
  { filter: "environment:probe" },
  { filter: "NOT (environment:production OR status:error) environment:probe" },
])("a filter that names an environment shows them: %j", async (filter) => {
  expect(await show(filter)).toEqual({
    spans: [PROBE_TRACE],
    traces: [PROBE_TRACE],
    sessions: ["probe-1"],
    users: ["prober"],
    requests: 1,
    total: 1,
    live: 1,
  });
});

test("all calls are shown with a filter that excludes another environment", async () => {
  expect(await show({ filter: "-environment:staging" })).toMatchObject({
    traces: [USER_TRACE, PROBE_TRACE],
    requests: 2,
  });
});

test("the trace of a probe is found by its id", async () => {
  expect(await show({ traceId: PROBE_TRACE })).toMatchObject({ traces: [PROBE_TRACE], requests: 1 });
  expect(await show({ filter: `trace:${PROBE_TRACE}` })).toMatchObject({ traces: [PROBE_TRACE], requests: 1 });
});
