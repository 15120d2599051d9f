import type { IssueSettings, Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { loadSentences } from "../../../platform/inference/child/load-sentences.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { createFollowing } from "./follow/follow-failures.ts";
import { DEFAULT_SETTINGS } from "./stores/follow-store.ts";
import { at, failed, NOW } from "./testing/failed-span.ts";
import { openTestIssues, type TestIssues } from "./testing/open-test-issues.ts";

const signal = new AbortController().signal;
let world: TestIssues;
let model: Awaited<ReturnType<typeof loadSentences>>;

beforeAll(async () => {
  model = await loadSentences();
  world = await openTestIssues(NOW, async (texts, stop) => (await model.embed(texts, stop)).vectors);
});
afterAll(async () => {
  await world?.close();
  await model?.dispose();
});

const KINDS: readonly ((index: number) => Partial<Span>)[] = [
  (index) => ({
    errorType: "APIConnectionError",
    errorMessage: `Connection to 10.0.${index % 9}.${index % 250}:5432 refused after ${index} ms`,
  }),
  (index) => ({
    errorType: "RateLimitError",
    errorMessage: `Rate limit reached for gpt-4.1 in organization org-a${index}f9 on tokens per min: limit 30000, used ${29_000 + index}`,
    attributes: { "http.response.status_code": 429 },
  }),
  (index) => ({
    kind: "tool",
    name: "weather",
    errorType: "KeyError",
    errorMessage: `city "${["Rome", "Oslo", "Lima"][index % 3]}" was not found`,
    attributes: { "gen_ai.tool.name": "weather" },
  }),
  () => ({
    status: "ok",
    errorType: "",
    errorMessage: "",
    attributes: { "gen_ai.response.finish_reasons": ["length"] },
  }),
  (index) => ({
    errorType: "OutputParserException",
    errorMessage: `Could not parse JSON at position ${index}: unexpected token`,
  }),
];

test("five planted kinds of failures among 2,000 traces are grouped with high purity into few issues", {
  timeout: 240_000,
}, async () => {
  const scope = await world.project();
  const planted = new Map<string, number>();
  const spans = Array.from({ length: 2_000 }, (_, index) => {
    const kind = index % 8;
    const make = KINDS[kind];
    if (!make) return makeSpan({ startTime: at(NOW - index * 100), output: [{ role: "assistant", parts: [] }] });
    const span = failed({ startTime: at(NOW - index * 100), userId: `user ${index % 50}`, ...make(index) });
    planted.set(span.traceId, kind);
    return span;
  });
  await world.receive(scope, spans);
  expect(await world.group(scope)).toBe(planted.size);
  const { items } = await world.list(scope);
  let pure = 0;
  const issuesOfKind = new Map<number, Set<string>>();
  for (const { issueId } of items) {
    const counts = new Map<number, number>();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await world.issues.occurrences(scope, issueId, { limit: 200, cursor: cursor ?? undefined });
      for (const { traceId } of page.items) {
        const kind = planted.get(traceId) ?? -1;
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        issuesOfKind.set(kind, (issuesOfKind.get(kind) ?? new Set()).add(issueId));
      }
      cursor = page.nextCursor;
    }
    pure += Math.max(...counts.values());
  }
  const purity = pure / planted.size;
  console.info(`purity ${purity.toFixed(3)}, ${items.length} issues of 5 kinds`);
  expect(purity).toBeGreaterThanOrEqual(0.9);
  expect(items.length).toBeLessThanOrEqual(7);
  // Completeness: each kind is in few issues.
  for (const issues of issuesOfKind.values()) expect(issues.size).toBeLessThanOrEqual(2);
  expect(items[0]?.users).toBeGreaterThan(0);
  expect(items[0]?.trend.reduce((sum, day) => sum + day, 0)).toBe(items[0]?.occurrences);
});

test("a crash between reading and storing counts nothing twice", async () => {
  const scope = await world.project();
  await world.receive(
    scope,
    Array.from({ length: 30 }, () => failed()),
  );
  await world.issues.follow(scope);
  const dying = createFollowing({
    ...world.deps,
    announce: async () => {
      throw new Error("the process died");
    },
  });
  await expect(dying.step(scope, signal)).rejects.toThrow("died");
  expect((await world.list(scope)).items).toEqual([]);
  expect(await world.group(scope)).toBe(30);
  // The same spans again, as after a position that was lost.
  await world.db.execute(sql`UPDATE issue_projects SET place_ms = 0 WHERE project_id = ${scope.projectId}`);
  expect(await world.group(scope)).toBe(0);
  expect((await world.list(scope)).items.map(({ occurrences }) => occurrences)).toEqual([30]);
});

test("two processes that read the same batch count it once", async () => {
  const scope = await world.project();
  await world.receive(scope, [failed(), failed()]);
  await world.issues.follow(scope);
  const both = await Promise.all([world.issues.step(scope, signal), world.issues.step(scope, signal)]);
  expect(both.map(({ counted }) => counted).sort()).toEqual([0, 2]);
});

test("an error that spans pass upward counts once, at the deepest span", async () => {
  const scope = await world.project();
  const root = failed({ kind: "agent", name: "agent" });
  const tool = failed({ traceId: root.traceId, parentSpanId: root.spanId, kind: "tool", name: "search" });
  await world.receive(scope, [root, tool]);
  expect(await world.group(scope)).toBe(1);
  expect((await world.list(scope)).items).toMatchObject([{ kind: "tool", occurrences: 1 }]);
});

test("an error whose deeper span arrives later counts once", async () => {
  const scope = await world.project();
  const root = failed({ kind: "agent", name: "agent" });
  await world.receive(scope, [root]);
  expect(await world.group(scope)).toBe(1);
  await world.keepAt(scope, Date.now() + 60_000, [
    failed({ traceId: root.traceId, parentSpanId: root.spanId, kind: "tool", name: "search" }),
    failed({ traceId: root.traceId, errorType: "Other", errorMessage: "another failure of the trace" }),
  ]);
  world.readTo(Date.now() + 120_000);
  expect(await world.group(scope)).toBe(1);
  world.readTo(null);
  expect((await world.list(scope)).items.map(({ occurrences }) => occurrences)).toEqual([1, 1]);
});

async function resolved(release: string) {
  const scope = await world.project();
  await world.receive(scope, [failed({ release: "1.0.0" })]);
  await world.group(scope);
  const [issue] = (await world.list(scope)).items;
  const issueId = issue?.issueId ?? "";
  await world.issues.update(scope, issueId, { state: "resolved", resolution: { kind: "release", release } });
  return { scope, issueId };
}

test("a resolved issue that occurs in the fixed release regresses, and this is announced once", async () => {
  const { scope, issueId } = await resolved("1.1.0");
  await world.receive(scope, [failed({ release: "1.1.0", startTime: at(NOW - 1_000) })]);
  await world.group(scope);
  expect(await world.issues.get(scope, issueId)).toMatchObject({
    state: "regressed",
    regressions: 1,
    resolution: null,
  });
  const own = world.notices.filter(({ subject }) => subject.id === issueId);
  expect(own).toMatchObject([{ event: "reopened", key: `issue:${issueId}:regressed:1` }]);
  expect(JSON.stringify(own)).not.toContain("took longer");
  const { items } = await world.issues.activities(scope, issueId, { limit: 10 });
  expect(items.map(({ action }) => action)).toEqual(["regressed", "state"]);
});

test("an old release does not reopen a resolved issue", async () => {
  const { scope, issueId } = await resolved("1.1.0");
  world.moveTo(NOW + DAY_MS);
  await world.receive(scope, [failed({ release: "1.0.9", startTime: at(NOW + DAY_MS - 5_000) })]);
  await world.group(scope);
  world.moveTo(NOW);
  expect(await world.issues.get(scope, issueId)).toMatchObject({ state: "resolved", occurrences: 2 });
});

test("without version numbers, the release that started later is the later one", async () => {
  const { scope, issueId } = await resolved("blue");
  await world.receive(scope, [
    makeSpan({ release: "blue", startTime: at(NOW - 3_600_000) }),
    failed({ release: "amber", startTime: at(NOW - 7_200_000) }),
  ]);
  await world.group(scope);
  expect(await world.issues.get(scope, issueId)).toMatchObject({ state: "resolved" });
  await world.receive(scope, [failed({ release: "coral", startTime: at(NOW - 2_000) })]);
  await world.group(scope);
  expect(await world.issues.get(scope, issueId)).toMatchObject({ state: "regressed" });
});

test("an ignored issue counts and stays ignored", async () => {
  const scope = await world.project();
  await world.receive(scope, [failed()]);
  await world.group(scope);
  const [issue] = (await world.list(scope)).items;
  await world.issues.update(scope, issue?.issueId ?? "", { state: "ignored" });
  await world.receive(scope, [failed()]);
  await world.group(scope);
  expect((await world.list(scope, { state: "ignored" })).items).toMatchObject([{ occurrences: 2 }]);
  expect((await world.list(scope, { isOpen: true })).items).toEqual([]);
});

test("a new issue above the chosen rate is announced once", async () => {
  const scope = await world.project();
  const settings: IssueSettings = { ...DEFAULT_SETTINGS, announceAtPerHour: 3 };
  await world.issues.updateSettings(scope, settings);
  for (let index = 0; index < 5; index++) {
    await world.receive(scope, [failed({ errorType: "Odd" })]);
    await world.group(scope);
  }
  const [issue] = (await world.list(scope)).items;
  const own = world.notices.filter(({ subject }) => subject.id === issue?.issueId);
  expect(own).toMatchObject([{ event: "opened", title: "New issue: Error: Odd" }]);
});

test("calls of evaluations and probes are no failures", async () => {
  const scope = await world.project();
  await world.receive(scope, [failed({ environment: "probe" }), failed({ environment: "evaluation" }), failed()]);
  expect(await world.group(scope)).toBe(1);
});

test("an answer that does not match its schema is a failure", async () => {
  const scope = await world.project();
  const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
  const parameters = { response_format: { type: "json_schema", json_schema: { name: "place", schema } } };
  const answer = (content: string) =>
    makeSpan({
      startTime: at(NOW - 1_000),
      parameters,
      output: [{ role: "assistant", parts: [{ type: "text", content }], finish_reason: "stop" }],
    });
  await world.receive(scope, [answer('{"city":"Rome"}'), answer('{"town":"Rome"}'), answer("Rome")]);
  expect(await world.group(scope)).toBe(2);
  expect((await world.list(scope)).items.every(({ kind }) => kind === "schema")).toBe(true);
});

test("a merge and a split can be undone", async () => {
  const scope = await world.project();
  await world.receive(scope, [
    failed(),
    failed({ kind: "tool", name: "search", errorType: "KeyError", errorMessage: "no such key" }),
  ]);
  await world.group(scope);
  const [one, other] = (await world.list(scope)).items.map(({ issueId }) => issueId);
  if (!one || !other) throw new Error("two issues were expected");
  expect(await world.issues.merge(scope, one, other)).toMatchObject({ occurrences: 2, fingerprintCount: 2 });
  // The merged issue leads to the one that it is in.
  expect(await world.issues.get(scope, other)).toMatchObject({ issueId: one });
  const [merge] = (await world.issues.activities(scope, one, { limit: 1 })).items;
  const undo = { issueId: one, activityId: merge?.activityId ?? "" };
  expect(await world.issues.undo(scope, undo)).toMatchObject({ occurrences: 1 });
  expect((await world.list(scope)).items).toHaveLength(2);
  await expect(world.issues.undo(scope, undo)).rejects.toMatchObject({ code: "conflict" });

  await world.issues.merge(scope, one, other);
  const { fingerprints } = await world.issues.get(scope, one);
  const [moved] = fingerprints;
  await expect(
    world.issues.split(
      scope,
      one,
      fingerprints.map(({ fingerprint }) => fingerprint),
    ),
  ).rejects.toMatchObject({ code: "invalid_request" });
  const made = await world.issues.split(scope, one, [moved?.fingerprint ?? ""]);
  expect(made).toMatchObject({ fingerprintCount: 1 });
  const [split] = (await world.issues.activities(scope, one, { limit: 1 })).items;
  expect(await world.issues.undo(scope, { issueId: one, activityId: split?.activityId ?? "" })).toMatchObject({
    fingerprintCount: 2,
  });
});

test("bad input is rejected with the reason", async () => {
  const scope = await world.project();
  const other = await world.project();
  await world.receive(scope, [failed()]);
  await world.group(scope);
  const issueId = (await world.list(scope)).items[0]?.issueId ?? "";
  await expect(world.issues.get(other, issueId)).rejects.toMatchObject({ code: "not_found" });
  await expect(world.issues.update(scope, issueId, { assigneeId: "user_bob" })).rejects.toThrow("not a member");
  await expect(world.issues.merge(scope, issueId, issueId)).rejects.toThrow("another issue");
  await expect(world.issues.split(scope, issueId, ["nothing"])).rejects.toThrow("no fingerprint");
  await expect(world.list(scope, { cursor: "bm9wZQ" })).rejects.toMatchObject({ code: "invalid_request" });
  await expect(world.issues.trend(scope, issueId, { by: "hour", from: at(0), to: at(NOW) })).rejects.toThrow(
    "Choose a shorter range",
  );
  await expect(world.issues.comments.create(other, issueId, "hello")).rejects.toMatchObject({ code: "not_found" });
  await world.issues.comments.create(scope, issueId, "hello");
  expect((await world.issues.comments.list(scope, issueId, { limit: 5 })).items).toMatchObject([{ text: "hello" }]);
});
