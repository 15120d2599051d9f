import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { JobHandler } from "../../../platform/jobs/port.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { aroundPeriod, scoresOf, whereSpans } from "../traces/index.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { openTestTraces } from "../traces/testing/open-test-traces.ts";
import { findTopics } from "./cluster/find-topics.ts";
import { DEFAULT_TOPIC_SETTINGS } from "./default-settings.ts";
import { labelTopics } from "./label-topics.ts";
import { createTopics, type Topics } from "./service.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const signal = new AbortController().signal;
const THEMES = ["card delivery is late", "please refund my money", "reset the login password"];

let postgres: PostgresStore;
let world: Awaited<ReturnType<typeof openTestTraces>>;
let topics: Topics;
let jobs = 0;
const handlers = new Map<string, JobHandler<{ runId: string }, null>>();
let answer = { text: '"Card delivery."', costUsd: 0.01 as number | null };

/** A vector around one axis per theme. */
const embed = async (texts: readonly string[]) =>
  texts.map((text) => THEMES.map((theme) => (text.includes(theme.slice(0, 8)) ? 1 : 0.05 + (text.length % 5) / 100)));

beforeAll(async () => {
  postgres = await openTestPostgres();
  world = await openTestTraces(NOW);
  topics = createTopics({
    db: postgres.db,
    columnar: world.columnar,
    spanSql: { whereSpans, aroundPeriod, scoresOf },
    jobs: {
      register: (kind, handler) => void handlers.set(kind.name, handler as never),
      send: async () => `job_${++jobs}`,
      get: async () => {
        throw new AppError("not_found");
      },
    },
    audit: { record: async () => undefined },
    clock: { now: () => NOW, elapsed: () => performance.now() },
    log: silent,
    thread: { ask: async (_name, order) => findTopics(order), close: async () => undefined },
    embed,
    ask: async () => answer,
  });
});
afterAll(async () => {
  await world?.close();
  await postgres?.close();
});

let projects = 0;
async function project(count = 300): Promise<Scope> {
  projects++;
  const scope = systemScope(`proj_topics_${projects}`);
  await postgres.db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES (${scope.projectId}, ${scope.projectId}, now())`,
  );
  const spans = Array.from({ length: count }, (_, index) =>
    makeSpan({
      startTime: new Date(NOW - ((index * 7) % 14) * DAY_MS - 60_000).toISOString(),
      status: index % 3 === 0 && index % 2 === 0 ? "error" : "ok",
      costUsd: 0.5,
      input: [{ role: "user", parts: [{ type: "text", content: `${THEMES[index % 3]} ${index % 11}` }] }],
    }),
  );
  await world.keep(scope, spans);
  return scope;
}
async function find(scope: Scope) {
  const { runId, jobId } = await topics.runs.create(scope, {});
  const report = () => undefined;
  const save = async () => undefined;
  await handlers.get("topics")?.run({ jobId, scope, payload: { runId }, state: null, signal, report, save });
  return topics.list(scope, { limit: 200 });
}

test("a run stores topics with their numbers, and a second run finds the same ones", async () => {
  const scope = await project();
  await topics.updateSettings(scope, { ...DEFAULT_TOPIC_SETTINGS, topics: 3 });
  const { items, run } = await find(scope);
  expect(run).toMatchObject({ status: "done", traces: 300, matching: 300, embedded: 300, topics: 3, newTopics: 0 });
  const tops = items.filter(({ parentId }) => parentId === null);
  expect(tops.map(({ traces }) => traces)).toEqual([100, 100, 100]);
  const cards = tops.find(({ label }) => label.includes("card"));
  expect(cards).toMatchObject({ errorRate: 0.5, costUsd: 0.5, labelSource: "words" });
  expect(cards?.examples[0]?.text).toContain("card delivery");
  expect(cards?.growth?.verdict).toBe("inconclusive");

  await topics.rename(scope, cards?.topicId ?? "", "Late cards");
  const again = await find(scope);
  expect(new Set(again.items.map(({ topicId }) => topicId))).toEqual(new Set(items.map(({ topicId }) => topicId)));
  expect(again.items.find(({ topicId }) => topicId === cards?.topicId)).toMatchObject({
    label: "Late cards",
    labelSource: "person",
    isNew: false,
  });
  const { items: traces } = await topics.listTraces(scope, cards?.topicId ?? "", { limit: 200 });
  expect(traces).toHaveLength(100);
});

test("labels of a model stay over runs and are asked for once", async () => {
  const scope = await project(90);
  const labelling = { isEnabled: true, model: "m", maxUsd: 1, maxCalls: 2 };
  const settings = { ...DEFAULT_TOPIC_SETTINGS, topics: 3, labelling };
  await expect(topics.updateSettings(scope, settings)).rejects.toThrow("gateway:use");
  await topics.updateSettings({ ...scope, permissions: new Set(["gateway:use"]) }, settings);
  const { run, items } = await find(scope);
  expect(run).toMatchObject({ labelCalls: 2, labelCostUsd: 0.02, labelNote: "The budget of 2 calls is used up." });
  expect(items.filter(({ label }) => label === "Card delivery")).toHaveLength(2);
  answer = { text: "Other", costUsd: 0.01 };
  const again = await find(scope);
  expect(again.run).toMatchObject({ labelCalls: 1 });
  expect(again.items.filter(({ label }) => label === "Card delivery")).toHaveLength(2);
});

test("labelling stops before a call that could exceed the budget, and if the model has no price", async () => {
  const wanted = Array.from({ length: 9 }, (_, at) => ({ topicId: `t${at}`, words: ["card"], texts: ["late"] }));
  const labelling = { isEnabled: true, model: "m", maxUsd: 0.25, maxCalls: 50 };
  const scope = systemScope("p");
  const run = (costUsd: number | null) =>
    labelTopics(async () => ({ text: "Name\nmore", costUsd }), wanted, { scope, settings: labelling, signal });
  expect(await run(0.1)).toMatchObject({ calls: 2, costUsd: 0.2, note: expect.stringContaining("0.25 US dollars") });
  expect(await run(null)).toMatchObject({ calls: 1, costUsd: null, note: expect.stringContaining("no price") });
  expect((await run(0)).labels.get("t8")).toBe("Name");
});

test("a failed run shows its reason", async () => {
  const scope = await project(30);
  const { runId } = await topics.runs.create(scope, { filter: "(" });
  const job = {
    jobId: "job",
    scope,
    payload: { runId },
    state: null,
    signal,
    report() {},
    save: async () => undefined,
  };
  await expect(handlers.get("topics")?.run(job)).rejects.toThrow();
  expect(await topics.runs.get(scope, runId)).toMatchObject({ status: "failed", error: expect.stringMatching(/./) });
});

test("few traces have no topics, and bad input is rejected with the reason", async () => {
  const scope = await project(5);
  expect(await find(scope)).toMatchObject({ items: [], run: { status: "done", traces: 5, topics: 0 } });
  const at = (ms: number) => new Date(ms).toISOString();
  await expect(topics.runs.create(scope, { from: at(NOW), to: at(NOW - 1) })).rejects.toThrow("before `to`");
  await expect(topics.runs.create(scope, { from: at(NOW - 100 * DAY_MS) })).rejects.toThrow("at most 90 days");
  await expect(topics.rename(scope, "topic_1", "x")).rejects.toMatchObject({ code: "not_found" });
  await expect(topics.listTraces(scope, "topic_1", { limit: 1 })).rejects.toMatchObject({ code: "not_found" });
  await expect(topics.list(scope, { limit: 1, runId: "trun_1" })).rejects.toMatchObject({ code: "not_found" });
});
