import { LiveScheduleInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { isRecord } from "../../../kernel/is-record.ts";
import { makeSpan } from "../../observe/traces/testing/make-span.ts";
import { sampleOfSpan } from "../live-scoring/sample-of-span.ts";
import {
  arrive,
  check,
  createRule,
  DUE,
  ended,
  live,
  open,
  periods,
  runsOfRule,
  scope,
  set,
  useLiveRuns,
} from "./testing/live-runs-world.ts";

useLiveRuns();

/** JSON with the keys in one order. */
const sortKeys = (_key: string, value: unknown) =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

test("each period gives one run of a random sample with intervals, the rule and the traces", async () => {
  arrive(60);
  expect(await set()).toMatchObject({ nextRunAt: "2026-03-03T03:10:00.000Z", lastError: "" });
  await check();
  expect(await periods()).toEqual([]);
  live.time = DUE;
  await check();
  await check();
  const [first] = await ended();
  expect(first).toMatchObject({ to: "2026-03-03T03:00:00.000Z", state: "done", matching: 60, traces: 20, error: "" });
  const [score] = first?.scores ?? [];
  expect(score).toMatchObject({ scorer: "helpful", items: 20, failed: 0 });
  expect(score?.interval?.low).toBeLessThan(score?.value ?? 0);
  const [run, ...others] = await runsOfRule();
  expect(others).toEqual([]);
  expect(run).toMatchObject({ runId: first?.runId, ruleId: live.ruleId, createdBy: "Ada" });
  const { items } = await live.world.evals.runs.listItems(scope, run?.runId ?? "", {
    limit: 50,
    sort: "position",
    search: "",
    whole: true,
  });
  const traceIds = new Set(live.spans.map(({ traceId }) => traceId));
  expect(items).toHaveLength(20);
  expect(items.every(({ results }) => traceIds.has(results[0]?.traceId ?? ""))).toBe(true);
  arrive(30, "2026-03-03T12:00:00.000Z");
  live.time = DUE + DAY_MS;
  await check();
  expect((await ended()).map(({ to, matching }) => [to.slice(0, 10), matching])).toEqual([
    ["2026-03-04", 30],
    ["2026-03-03", 60],
  ]);
  const page = await live.runs.listPeriods(scope, live.ruleId, { limit: 1 });
  const rest = await live.runs.listPeriods(scope, live.ruleId, { limit: 1, cursor: page.nextCursor ?? "" });
  expect([...page.items, ...rest.items].map(({ matching }) => matching)).toEqual([30, 60]);
  expect(rest.nextCursor).toBeNull();
});

test("a scorer sees the same sample in a run as in live scoring", async () => {
  const chat = [{ role: "user", content: "Where?", name: "ada" }];
  const parts = [{ role: "user", parts: [{ type: "text", content: "Where?" }] }];
  const call = { type: "tool_call", id: "1", name: "find", arguments: { place: "Rome" } };
  const inputs = [chat, parts, { messages: chat, temperature: 0 }, { question: "Where?" }, "Where?", "", null];
  const shared = { startTime: "2026-03-02T18:00:00.000Z", inputTokens: 3, outputTokens: 2, costUsd: 0.01 };
  const outputs = ["good", [{ role: "assistant", parts: [{ type: "text", content: "good" }, call] }]];
  const metadata: Span["metadata"][] = [{}, { model: "mine", plan: "pro" }, { model: "gpt-4.1-2025-04-14" }];
  live.spans = inputs.flatMap((input) =>
    outputs.flatMap((output) => metadata.map((own) => makeSpan({ ...shared, input, output, metadata: own }))),
  );
  live.spans = [
    ...live.spans,
    makeSpan({ ...shared, output: "good", requestModel: "", responseModel: "", metadata: { model: "m" } }),
  ];
  await set({ sampleSize: 100 });
  live.time = DUE;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", traces: live.spans.length }]);
  const byText = (list: readonly unknown[]) => new Set(list.map((sample) => JSON.stringify(sample, sortKeys)));
  expect(live.samples).toHaveLength(live.spans.length);
  expect(byText(live.samples)).toEqual(byText(live.spans.map((span) => sampleOfSpan(span))));
});

test("after days of downtime only the newest period is evaluated, once", async () => {
  arrive(30, "2026-03-08T18:00:00.000Z");
  await set();
  live.time = Date.parse("2026-03-09T17:00:00Z");
  await check();
  open();
  await check();
  expect((await ended()).map(({ to }) => to.slice(0, 10))).toEqual(["2026-03-09"]);
  expect(await runsOfRule()).toHaveLength(1);
});

test("a sample that a restart interrupted is completed, with the same traces", async () => {
  arrive(90);
  await set({ sampleSize: 80 });
  live.time = DUE;
  live.readsLeft = 1;
  await expect(check()).rejects.toThrow("the server stopped");
  const [cut] = await runsOfRule();
  expect(cut).toMatchObject({ status: "open", answers: 50 });
  open();
  live.readsLeft = Number.POSITIVE_INFINITY;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", runId: cut?.runId, traces: 80 }]);
  expect(await runsOfRule()).toMatchObject([{ runId: cut?.runId, answers: 80 }]);
});

test("a period that was interrupted days ago is completed before the newest period", async () => {
  arrive(30);
  arrive(40, "2026-03-05T18:00:00.000Z");
  await set();
  live.time = DUE;
  live.readsLeft = 0;
  await expect(check()).rejects.toThrow("the server stopped");
  open();
  [live.time, live.readsLeft] = [DUE + 72 * HOUR_MS, Number.POSITIVE_INFINITY];
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
  live.time = DUE;
  await check();
  expect(await periods()).toMatchObject([{ state: "empty", runId: null, matching: 0, scores: [] }]);
  expect(await runsOfRule()).toEqual([]);
  live.spans = [1, 2].map(() => makeSpan({ startTime: "2026-03-03T18:00:00.000Z", output: null }));
  live.time = DUE + DAY_MS;
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
  [live.time, live.isScorerGone] = [DUE, true];
  await check();
  const error = 'This project has no scorer "helpful".';
  expect(await live.runs.get(scope, live.ruleId)).toMatchObject({ lastError: error });
  expect(await periods()).toMatchObject([{ state: "failed", error, runId: null }]);
  await expect(set({ hour: 4 })).rejects.toThrow(error);
  live.isScorerGone = false;
  await check();
  expect(await periods()).toMatchObject([{ state: "failed" }]);
  live.time += HOUR_MS;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", error: "" }]);
  expect(await live.runs.get(scope, live.ruleId)).toMatchObject({ lastError: "" });
});

test("a run takes the rest of the rule's daily budget, and its cost counts there", async () => {
  arrive(60);
  live.ruleId = await createRule({ budget: { usd: null, tokens: 50 } });
  await set();
  live.time = DUE;
  await check();
  expect(await ended()).toMatchObject([{ state: "done", stopped: "budget-tokens" }]);
  await check();
  const spent = await live.rules.get(scope, live.ruleId);
  expect(spent.today.tokens).toBeGreaterThanOrEqual(42);
  expect(spent.today.costUsd).toBeCloseTo((spent.today.tokens / 7) * 0.001, 9);
  await check();
  expect((await live.rules.get(scope, live.ruleId)).today.tokens).toBe(spent.today.tokens);
});

test("a run waits while the daily budget is used up", async () => {
  arrive(60);
  live.ruleId = await createRule({ budget: { usd: null, tokens: 50 } });
  await set();
  live.time = DUE;
  await live.world.db.execute(
    sql`UPDATE live_rules SET spent_day = '2026-03-03', spent_tokens = 50 WHERE id = ${live.ruleId}`,
  );
  await check();
  expect(await periods()).toEqual([]);
  expect((await live.runs.get(scope, live.ruleId)).lastError).toMatch("The daily budget of 50 tokens is used up.");
  live.time += 23 * HOUR_MS;
  await check();
  expect(await ended()).toMatchObject([{ to: "2026-03-03T03:00:00.000Z", state: "done" }]);
});

test("unscored traces exclude those that the rule has scored", async () => {
  await expect(set({ traces: "unscored" })).rejects.toThrow("scores every trace, so no trace is unscored");
  live.ruleId = await createRule({ samplingRate: 0.5 });
  const made = arrive(40);
  for (const { traceId, spanId } of made.slice(0, 25))
    await live.world.db.execute(sql`INSERT INTO live_scores (rule_id, trace_id, span_id, name, made_by, project_id, state, value,
      reason, tokens, scored_at) VALUES (${live.ruleId}, ${traceId}, ${spanId}, 'helpful', 'v1', 'proj_1', 'scored', 1, '', 0, now())`);
  await set({ traces: "unscored" });
  live.time = DUE;
  await check();
  const [period] = await ended();
  expect(period).toMatchObject({ state: "done", matching: 40, traces: 15, error: "" });
});

test("a paused rule starts no run, and a schedule needs permissions for traces and runs", async () => {
  arrive(30);
  await set();
  await live.rules.update(scope, live.ruleId, { isEnabled: false });
  live.time = DUE;
  await check();
  expect(await periods()).toEqual([]);
  expect(await live.runs.get(scope, live.ruleId)).toMatchObject({ isEnabled: true, nextRunAt: null });
  const reader = { ...scope, permissions: new Set(["scorers:read", "scorers:write", "experiments:write"] as const) };
  await expect(live.runs.set(reader, live.ruleId, LiveScheduleInput.parse({}))).rejects.toThrow("`traces:read`");
  expect([9, 1_001].map((sampleSize) => LiveScheduleInput.safeParse({ sampleSize }).success)).toEqual([false, false]);
});

test("a schedule that was never set is off, and a deleted run leaves its period", async () => {
  expect(await live.runs.get(scope, live.ruleId)).toMatchObject({ isEnabled: false, nextRunAt: null, sampleSize: 100 });
  await expect(live.runs.get(scope, "rule_other")).rejects.toMatchObject({ code: "not_found" });
  arrive(30);
  await set();
  live.time = DUE;
  await check();
  const [period] = await ended();
  await live.world.evals.runs.delete(scope, period?.runId ?? "");
  expect(await periods()).toMatchObject([{ state: "deleted", runId: null, scores: [] }]);
  await check();
  expect(await runsOfRule()).toEqual([]);
});

test("new traces of a changed filter are copied only after a person saves the schedule again", async () => {
  await set();
  arrive(20);
  await live.rules.update(scope, live.ruleId, { filter: "environment:production OR kind:generation" });
  live.time = DUE;
  await check();
  expect(await periods()).toEqual([]);
  expect((await live.runs.get(scope, live.ruleId)).lastError).toContain("Save the schedule again");
  await set();
  await check();
  await ended();
  expect(await periods()).toMatchObject([{ state: "done", traces: 20 }]);
  expect((await live.runs.get(scope, live.ruleId)).lastError).toBe("");
});
