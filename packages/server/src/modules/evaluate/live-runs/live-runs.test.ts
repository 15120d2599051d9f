import { LiveRuleInput, LiveScheduleInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler } from "../../../platform/jobs/port.ts";
import { makeSpan } from "../../observe/traces/testing/make-span.ts";
import { openEvals, scorerOf, scope as shared } from "../experiments/testing/open-evals.ts";
import { createLiveScoring } from "../live-scoring/service.ts";
import { createLiveRuns } from "./service.ts";

const scope: Scope = {
  ...shared,
  permissions: new Set([...shared.permissions, "traces:read", "scorers:read", "scorers:write"]),
};
const START = Date.parse("2026-03-02T12:00:00Z");
/** Ten minutes after the end of the first daily period. */
const DUE = Date.parse("2026-03-03T03:10:00Z");
const SIGNAL = new AbortController().signal;

let world: Awaited<ReturnType<typeof openEvals>>;
let time = START;
let spans: readonly Span[];
/** Reads of spans that succeed before the server stops. */
let readsLeft: number;
let isScorerGone: boolean;
let ruleId: string;
let rules: ReturnType<typeof createLiveScoring>;
let runs: ReturnType<typeof createLiveRuns>;
let handler: JobHandler<object, null>;
const clock = { now: () => time, elapsed: () => performance.now() };

const helpful = scorerOf("helpful", ({ output }) => ({ value: output.includes("good") ? 1 : 0, tokens: 7 }));
const bind = (refs: Parameters<typeof world.bind>[0]) => {
  if (isScorerGone) throw notFound("scorer", "helpful");
  return world.bind(refs);
};

beforeAll(async () => {
  world = await openEvals({});
  world.say(() => "", helpful);
});
afterAll(() => world?.close());
beforeEach(async () => {
  [time, spans, readsLeft, isScorerGone] = [START, [], Number.POSITIVE_INFINITY, false];
  await world.db.execute(sql`DELETE FROM live_rules`);
  await world.db.execute(sql`DELETE FROM eval_runs`);
  open();
  ruleId = await createRule();
});

/** A second call is a server after a restart. */
function open() {
  const shown = { db: world.db, audit: { record: async () => undefined }, clock };
  rules = createLiveScoring({
    ...shown,
    columnar: { insert: async () => undefined } as never,
    jobs: { register: () => undefined, send: async () => "job_1" },
    scorers: { bind: async (_scope, refs) => bind(refs) },
    namesOf: async () => new Map(),
    endChecks: async () => undefined,
    traces: { listReceived: async () => ({ spans: [], end: null }), steps: {} as never, picked: picked as never },
  });
  runs = createLiveRuns({
    ...shown,
    jobs: {
      register: (_kind, given) => {
        handler = given as never;
      },
      send: async () => "job_1",
    },
    rules,
    runs: world.evals.runs,
  });
}

/** Traces as the columnar store gives them: those of the period in the order of the seed. */
const picked = {
  async pick(_projectId: string, { from, to }: { from: string; to: string }, { seed }: { seed: number }) {
    const within = spans.filter(({ startTime }) => startTime >= from && startTime < to);
    const orderOf = ({ traceId }: Span) => (Number.parseInt(traceId.slice(-8), 16) * (seed | 1)) % 9_973;
    return within.toSorted((left, right) => orderOf(left) - orderOf(right));
  },
  async *read(_projectId: string, keys: readonly Span[]) {
    if (readsLeft-- <= 0) throw new Error("the server stopped");
    for (const span of keys) yield { span, scores: [] };
  },
};

const createRule = async (more: Partial<LiveRuleInput> = {}) => {
  const input = LiveRuleInput.parse({ name: `Rule ${Math.random()}`, scorers: [{ kind: "helpful" }], ...more });
  return (await rules.create(scope, input)).ruleId;
};
/** Answers at a time, each in its own trace. */
const arrive = (count: number, startTime = "2026-03-02T18:00:00.000Z") => {
  const made = Array.from({ length: count }, (_, at) =>
    makeSpan({ startTime, input: "Where?", output: at % 2 ? "good" : "bad" }),
  );
  spans = [...spans, ...made];
  return made;
};
const set = (more: Partial<LiveScheduleInput> = {}, of = ruleId) =>
  runs.set(scope, of, LiveScheduleInput.parse({ sampleSize: 20, ...more }));
const check = () => handler.run({ scope, payload: {}, signal: SIGNAL } as never);
const periods = async () => (await runs.listPeriods(scope, ruleId, { limit: 50 })).items;
const ended = () =>
  vi.waitFor(async () => {
    const items = await periods();
    expect(items.every(({ state }) => state !== "scoring" && state !== "preparing")).toBe(true);
    return items;
  }, 20_000);
const runsOfRule = async () => (await world.evals.runs.list(scope, { ruleId, search: "", limit: 50 })).items;

test("each period gives one run of a random sample with intervals, the rule and the traces", async () => {
  arrive(60);
  expect(await set()).toMatchObject({ nextRunAt: "2026-03-03T03:10:00.000Z", lastError: "" });
  await check();
  expect(await periods()).toEqual([]);
  time = DUE;
  await check();
  await check();
  const [first] = await ended();
  expect(first).toMatchObject({ to: "2026-03-03T03:00:00.000Z", state: "done", matching: 60, traces: 20, error: "" });
  const [score] = first?.scores ?? [];
  expect(score).toMatchObject({ scorer: "helpful", items: 20, failed: 0 });
  expect(score?.interval?.low).toBeLessThan(score?.value ?? 0);
  const [run, ...others] = await runsOfRule();
  expect(others).toEqual([]);
  expect(run).toMatchObject({ runId: first?.runId, ruleId, createdBy: "Ada" });
  const { items } = await world.evals.runs.listItems(scope, run?.runId ?? "", {
    limit: 50,
    sort: "position",
    search: "",
    whole: true,
  });
  const traceIds = new Set(spans.map(({ traceId }) => traceId));
  expect(items).toHaveLength(20);
  expect(items.every(({ results }) => traceIds.has(results[0]?.traceId ?? ""))).toBe(true);
  arrive(30, "2026-03-03T12:00:00.000Z");
  time = DUE + DAY_MS;
  await check();
  expect((await ended()).map(({ to, matching }) => [to.slice(0, 10), matching])).toEqual([
    ["2026-03-04", 30],
    ["2026-03-03", 60],
  ]);
});

test("after days of downtime only the newest period is evaluated, once", async () => {
  arrive(30, "2026-03-08T18:00:00.000Z");
  await set();
  time = Date.parse("2026-03-09T17:00:00Z");
  await check();
  open();
  await check();
  expect((await ended()).map(({ to }) => to.slice(0, 10))).toEqual(["2026-03-09"]);
  expect(await runsOfRule()).toHaveLength(1);
});

test("a sample that a restart interrupted is completed, with the same traces", async () => {
  arrive(90);
  await set({ sampleSize: 80 });
  time = DUE;
  readsLeft = 1;
  await expect(check()).rejects.toThrow("the server stopped");
  const [cut] = await runsOfRule();
  expect(cut).toMatchObject({ status: "open", answers: 50 });
  open();
  readsLeft = Number.POSITIVE_INFINITY;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", runId: cut?.runId, traces: 80 }]);
  expect(await runsOfRule()).toMatchObject([{ runId: cut?.runId, answers: 80 }]);
});

test("a period that was interrupted days ago is completed before the newest period", async () => {
  arrive(30);
  arrive(40, "2026-03-05T18:00:00.000Z");
  await set();
  time = DUE;
  readsLeft = 0;
  await expect(check()).rejects.toThrow("the server stopped");
  open();
  [time, readsLeft] = [DUE + 72 * HOUR_MS, Number.POSITIVE_INFINITY];
  await check();
  await check();
  expect((await ended()).map(({ to, state, matching }) => [to.slice(0, 10), state, matching])).toEqual([
    ["2026-03-06", "done", 40],
    ["2026-03-03", "done", 30],
  ]);
});

test("a period without traffic is recorded and has no run", async () => {
  arrive(30, "2026-01-01T00:00:00.000Z");
  await set();
  time = DUE;
  await check();
  expect(await periods()).toMatchObject([{ state: "empty", runId: null, matching: 0, scores: [] }]);
  expect(await runsOfRule()).toEqual([]);
  spans = [1, 2].map(() => makeSpan({ startTime: "2026-03-03T18:00:00.000Z", output: null }));
  time = DUE + DAY_MS;
  await check();
  const [second] = await periods();
  expect(second).toMatchObject({
    state: "empty",
    matching: 2,
    error: "None of the matching traces has a stored answer.",
  });
});

test("a deleted scorer is reported, and its period is evaluated when the scorer is back", async () => {
  arrive(30);
  await set();
  [time, isScorerGone] = [DUE, true];
  await check();
  const error = 'This project has no scorer "helpful".';
  expect(await runs.get(scope, ruleId)).toMatchObject({ lastError: error });
  expect(await periods()).toMatchObject([{ state: "failed", error, runId: null }]);
  await expect(set({ hour: 4 })).rejects.toThrow(error);
  isScorerGone = false;
  await check();
  expect(await periods()).toMatchObject([{ state: "failed" }]);
  time += HOUR_MS;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", error: "" }]);
  expect(await runs.get(scope, ruleId)).toMatchObject({ lastError: "" });
});

test("a run takes the rest of the rule's daily budget, and its cost counts there", async () => {
  arrive(60);
  ruleId = await createRule({ budget: { usd: null, tokens: 50 } });
  await set();
  time = DUE;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", stopped: "budget-tokens" }]);
  await check();
  const spent = await rules.get(scope, ruleId);
  expect(spent.today.tokens).toBeGreaterThanOrEqual(42);
  expect(spent.today.costUsd).toBeCloseTo((spent.today.tokens / 7) * 0.001, 9);
  await check();
  expect((await rules.get(scope, ruleId)).today.tokens).toBe(spent.today.tokens);
});

test("a run waits while the daily budget is used up", async () => {
  arrive(60);
  ruleId = await createRule({ budget: { usd: null, tokens: 50 } });
  await set();
  time = DUE;
  await world.db.execute(sql`UPDATE live_rules SET spent_day = '2026-03-03', spent_tokens = 50 WHERE id = ${ruleId}`);
  await check();
  expect(await periods()).toEqual([]);
  expect((await runs.get(scope, ruleId)).lastError).toMatch("The daily budget of 50 tokens is used up.");
  time += 23 * HOUR_MS;
  await check();
  expect(await ended()).toMatchObject([{ to: "2026-03-03T03:00:00.000Z", state: "done" }]);
});

test("unscored traces exclude those that the rule has scored", async () => {
  await expect(set({ traces: "unscored" })).rejects.toThrow("scores every trace, so no trace is unscored");
  ruleId = await createRule({ samplingRate: 0.5 });
  const made = arrive(40);
  for (const { traceId, spanId } of made.slice(0, 25))
    await world.db.execute(sql`INSERT INTO live_scores (rule_id, trace_id, span_id, name, made_by, project_id, state, value,
      reason, tokens, scored_at) VALUES (${ruleId}, ${traceId}, ${spanId}, 'helpful', 'v1', 'proj_1', 'scored', 1, '', 0, now())`);
  await set({ traces: "unscored" });
  time = DUE;
  await check();
  const [period] = await ended();
  expect(period).toMatchObject({ state: "done", matching: 40, traces: 15, error: "" });
});

test("a paused rule starts no run, and a schedule needs permissions for traces and runs", async () => {
  arrive(30);
  await set();
  await rules.update(scope, ruleId, { isEnabled: false });
  time = DUE;
  await check();
  expect(await periods()).toEqual([]);
  expect(await runs.get(scope, ruleId)).toMatchObject({ isEnabled: true, nextRunAt: null });
  const reader = { ...scope, permissions: new Set(["scorers:read", "scorers:write", "experiments:write"] as const) };
  await expect(runs.set(reader, ruleId, LiveScheduleInput.parse({}))).rejects.toThrow("`traces:read`");
  expect([9, 1_001].map((sampleSize) => LiveScheduleInput.safeParse({ sampleSize }).success)).toEqual([false, false]);
});

test("a schedule that was never set is off, and a deleted run leaves its period", async () => {
  expect(await runs.get(scope, ruleId)).toMatchObject({ isEnabled: false, nextRunAt: null, sampleSize: 100 });
  await expect(runs.get(scope, "rule_other")).rejects.toMatchObject({ code: "not_found" });
  arrive(30);
  await set();
  time = DUE;
  await check();
  const [period] = await ended();
  await world.evals.runs.delete(scope, period?.runId ?? "");
  expect(await periods()).toMatchObject([{ state: "deleted", runId: null, scores: [] }]);
  await check();
  expect(await runsOfRule()).toEqual([]);
});

test("new traces of a changed filter are copied only after a person saves the schedule again", async () => {
  await set();
  arrive(20);
  await rules.update(scope, ruleId, { filter: "environment:production OR kind:generation" });
  time = DUE;
  await check();
  expect(await periods()).toEqual([]);
  expect((await runs.get(scope, ruleId)).lastError).toContain("Save the schedule again");
  await set();
  await check();
  await ended();
  expect(await periods()).toMatchObject([{ state: "done", traces: 20 }]);
  expect((await runs.get(scope, ruleId)).lastError).toBe("");
});
