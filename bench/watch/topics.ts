// Measures a run that finds the topics of 20,000 traces without model calls: SQL over real stores, embeddings on this machine, and grouping
// in a separate thread. Goals: under 2 minutes, and a p99 of the event loop under 20 ms. Prints the time and the CPU time of each step, and
// how well the topics show the planted themes.
// Usage: node bench/watch/topics.ts [--traces 20000]
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { systemScope } from "../../packages/server/src/kernel/scope.ts";
import { DEFAULT_TOPIC_SETTINGS } from "../../packages/server/src/modules/observe/topics/default-settings.ts";
import { createTopicThread } from "../../packages/server/src/modules/observe/topics/open.ts";
import { createTopics } from "../../packages/server/src/modules/observe/topics/service.ts";
import { compareWithThemes, plantTexts } from "../../packages/server/src/modules/observe/topics/testing/plant-texts.ts";
import { aroundPeriod, scoresOf, whereSpans } from "../../packages/server/src/modules/observe/traces/index.ts";
import { makeSpan } from "../../packages/server/src/modules/observe/traces/testing/make-span.ts";
import { openTestTraces } from "../../packages/server/src/modules/observe/traces/testing/open-test-traces.ts";
import { loadSentences } from "../../packages/server/src/platform/inference/child/load-sentences.ts";
import type { JobHandler } from "../../packages/server/src/platform/jobs/port.ts";
import { openTestPostgres } from "../../packages/server/src/platform/postgres/testing/open-test-postgres.ts";

const GOALS = { seconds: 120, p99Ms: 20 };
const NOW = Date.parse("2026-11-20T12:00:00Z");
const { values } = parseArgs({ options: { traces: { type: "string", default: "20000" } } });
const count = Number(values.traces);
const signal = new AbortController().signal;
const cpuNow = () => process.cpuUsage().user + process.cpuUsage().system;

/** The time and the CPU time of a step. */
function createMeter() {
  let [ms, cpu] = [0, 0];
  return {
    async measure<Value>(work: () => Promise<Value>): Promise<Value> {
      const [start, startCpu] = [performance.now(), cpuNow()];
      try {
        return await work();
      } finally {
        ms += performance.now() - start;
        cpu += cpuNow() - startCpu;
      }
    },
    seconds: () => ms / 1_000,
    cpuSeconds: () => cpu / 1e6,
  };
}

const scope = systemScope("proj_bench");
const postgres = await openTestPostgres();
const world = await openTestTraces(NOW);
const planted = plantTexts(count, 7, true);
await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${scope.projectId}, 'bench', now())`);
const spans = planted.map(({ text }, row) =>
  makeSpan({
    startTime: new Date(NOW - 60_000 - (row * 14 * 86_390_000) / count).toISOString(),
    input: [{ role: "user", parts: [{ type: "text", content: text }] }],
  }),
);
for (let at = 0; at < count; at += 1_000) await world.keep(scope, spans.slice(at, at + 1_000));
const rowOf = new Map(spans.map(({ traceId }, row) => [traceId, row]));

const [whole, embedding, grouping] = [createMeter(), createMeter(), createMeter()];
const model = await loadSentences();
const thread = createTopicThread();
let handler: JobHandler<unknown, unknown> | undefined;
const topics = createTopics({
  db: postgres.db,
  columnar: world.columnar,
  spanSql: { whereSpans, aroundPeriod, scoresOf },
  jobs: {
    register: (kind, added) => {
      if (kind.name === "topics") handler = added as JobHandler<unknown, unknown>;
    },
    send: async () => "job_1",
    get: () => Promise.reject(new Error("a complete run has no job")),
  },
  audit: { record: async () => undefined },
  clock: { now: () => NOW, elapsed: () => performance.now() },
  log: { debug() {}, info() {}, warn() {}, error() {} },
  thread: { ...thread, ask: (name, order) => grouping.measure(() => thread.ask(name, order)) },
  embed: (texts) => embedding.measure(async () => (await model.embed(texts, signal)).vectors),
  ask: () => Promise.reject(new Error("no labels are wanted")),
});
await topics.updateSettings(scope, { ...DEFAULT_TOPIC_SETTINGS, mostTraces: Math.min(count, 20_000) });
const { runId, jobId } = await topics.runs.create(scope, {});
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const job = { jobId, scope, payload: { runId }, state: null, signal, report() {}, save: async () => undefined };
await whole.measure(async () => handler?.run(job));
delay.disable();

const { items, run } = await topics.list(scope, { limit: 200 });
const tops = items.filter(({ parentId }) => parentId === null);
const groups: number[][] = [];
for (const { topicId } of tops) {
  const rows: number[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await topics.listTraces(scope, topicId, { limit: 200, cursor: cursor ?? undefined });
    rows.push(...page.items.map(({ traceId }) => rowOf.get(traceId) ?? -1));
    cursor = page.nextCursor;
  }
  groups.push(rows);
}
const result = compareWithThemes(groups, planted);
const rest = {
  seconds: whole.seconds() - embedding.seconds() - grouping.seconds(),
  cpuSeconds: whole.cpuSeconds() - embedding.cpuSeconds() - grouping.cpuSeconds(),
};
const line = (name: string, seconds: number, cpu: number) =>
  `${name.padEnd(12)} ${seconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s`;
const p99Ms = delay.percentile(99) / 1e6;
console.log(
  `${run?.traces} traces, ${run?.embedded} embedded, ${tops.length} topics with ${items.length - tops.length} subtopics`,
);
console.log(line("embeddings", embedding.seconds(), embedding.cpuSeconds()));
console.log(line("grouping", grouping.seconds(), grouping.cpuSeconds()));
console.log(line("SQL and rest", rest.seconds, rest.cpuSeconds));
console.log(`${line("total", whole.seconds(), whole.cpuSeconds())} (goal ${GOALS.seconds} s)`);
console.log(`p99 of the event loop ${p99Ms.toFixed(1)} ms (goal ${GOALS.p99Ms} ms)`);
console.log(`purity ${result.purity.toFixed(3)}, ${result.missing.length} of ${result.themes} themes not found`);
console.log(tops.map(({ traces, label }) => `${traces} ${label}`).join("\n"));
await thread.close();
await model.dispose();
await world.close();
await postgres.close();
process.exit(whole.seconds() <= GOALS.seconds ? 0 : 1);
