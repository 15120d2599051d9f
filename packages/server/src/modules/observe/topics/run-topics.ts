import { z } from "zod";
import { newId } from "../../../kernel/ids.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import type { KnownTopicOrder, TopicsAnswer } from "./cluster/orders.ts";
import type { TopicsDeps } from "./deps.ts";
import { createTextEmbedding } from "./embed-texts.ts";
import { type Labels, labelTopics } from "./label-topics.ts";
import { createRunStore, createTopicProjectStore, type RunRow } from "./run-store.ts";
import { type StoredTopics, toStored } from "./to-stored.ts";
import { createMemberStore, createResultStore, createTopicStore } from "./topic-store.ts";
import { createTopicTraceStore, type TraceRow } from "./trace-store.ts";

const Payload = z.object({ runId: z.string() });
export const TOPICS_KIND: JobKind<z.output<typeof Payload>, null> = {
  name: "topics",
  payload: Payload,
  state: z.null(),
};

const FEWEST_TRACES = 20;
const EXAMPLES_FOR_LABEL = 8;
type Run = JobRun<z.output<typeof Payload>, null>;

/** Finds the topics of a run. Nothing is stored until the end, so a run that was stopped starts again from the beginning. */
export function createTopicsJob(deps: TopicsDeps): JobHandler<z.output<typeof Payload>, null> {
  const store = createRunStore(deps.db);
  const find = createFinding(deps);
  return {
    async run(job) {
      const { projectId } = job.scope;
      const run = await store.find(projectId, job.payload.runId);
      if (!run || run.status === "done") return null;
      await store.update(projectId, run.id, { status: "running" });
      try {
        return await find(job, run);
      } catch (error) {
        job.signal.throwIfAborted();
        const changes = { status: "failed" as const, error: messageOf(error).slice(0, 1_000) };
        await store.update(projectId, run.id, { ...changes, finishedAt: new Date(deps.clock.now()) });
        throw error;
      }
    },
  };
}

function createFinding(deps: TopicsDeps) {
  const traces = createTopicTraceStore(deps);
  const embedTexts = createTextEmbedding(deps);
  return async function find({ scope, signal, report }: Run, run: RunRow) {
    const { projectId } = scope;
    const step = (message: string) => report({ done: 0, total: null, unit: "texts", message });
    step("Reading traces");
    const matching = await traces.count(projectId, run.plan);
    const rows = (await traces.list(projectId, run.plan)).filter(({ text }) => text.trim() !== "");
    const feedback = await traces.feedback(projectId, run.plan);
    const before = await readBefore(deps, projectId);
    const order = await newestFirst(rows, before?.toMs ?? 0);
    const texts = order.map(({ text }) => text);
    const embedded = await embedTexts(texts, signal, (done, total) =>
      report({ done, total, unit: "texts", message: "Computing embeddings" }),
    );
    step("Grouping");
    const found =
      order.length < FEWEST_TRACES
        ? { topics: [] }
        : await deps.thread.ask("find", toOrder(run, { order, feedback, before, embedded }));
    signal.throwIfAborted();
    const now = deps.clock.now();
    const stored = toStored(found, { run, order, before: before?.topics ?? [], now });
    const labels = await label(deps, scope, { stored, found, order, signal });
    const counts = { traces: order.length, matching, embedded: embedded.rows.length };
    await save(deps, scope, { run, stored, labels, counts });
    return { runId: run.id, topics: stored.results.length };
  };
}

/** Texts since the run before come first, since they were not embedded yet. */
async function newestFirst(rows: readonly TraceRow[], sinceMs: number): Promise<readonly TraceRow[]> {
  return [...rows.filter(({ at_ms }) => at_ms >= sinceMs), ...rows.filter(({ at_ms }) => at_ms < sinceMs)];
}

type Before = { readonly topics: readonly KnownTopicOrder[]; readonly toMs: number };

async function readBefore({ db }: TopicsDeps, projectId: string): Promise<Before | null> {
  const run = await createRunStore(db).findNewest(projectId);
  if (!run) return null;
  const members = await createMemberStore(db).byTopic(projectId, run.id);
  const rows = await createResultStore(db).list(projectId, run.id, { limit: 1_000, after: null });
  const topics = rows.map(({ topicId, parentId, center, radius, facts }) => ({
    topicId,
    parentId,
    isOther: facts.isOther,
    center,
    radius,
    members: members.get(topicId) ?? [],
  }));
  return { topics, toMs: Date.parse(run.plan.to) };
}

type Material = {
  readonly order: readonly TraceRow[];
  readonly feedback: ReadonlyMap<string, number>;
  readonly before: Before | null;
  readonly embedded: { readonly rows: readonly number[]; readonly vectors: readonly Float32Array[] };
};

const toOrder = ({ plan }: RunRow, { order, feedback, before, embedded }: Material) => ({
  traceIds: order.map(({ trace_id }) => trace_id),
  texts: order.map(({ text }) => text),
  facts: order.map((row) => ({
    atMs: row.at_ms,
    isError: row.has_error > 0,
    costUsd: row.cost_usd,
    durationMs: row.whole_ms,
    feedback: feedback.get(row.trace_id) ?? null,
  })),
  embedded: embedded.rows,
  vectors: embedded.vectors,
  size: embedded.vectors[0]?.length ?? 0,
  topics: plan.topics,
  before: before?.topics ?? [],
  fromMs: Date.parse(plan.from),
  toMs: Date.parse(plan.to),
});

type Labelling = {
  readonly stored: StoredTopics;
  readonly found: TopicsAnswer;
  readonly order: readonly TraceRow[];
  readonly signal: AbortSignal;
};

const NO_LABELS: Labels = { labels: new Map(), calls: 0, costUsd: 0, note: "" };

/** Labels of topics that no model and no person has labelled, largest first. */
async function label(
  { db, ask }: TopicsDeps,
  scope: Scope,
  { stored, found, order, signal }: Labelling,
): Promise<Labels> {
  const settings = (await createTopicProjectStore(db).find(scope.projectId))?.settings.labelling;
  if (!settings?.isEnabled) return NO_LABELS;
  const topics = createTopicStore(db);
  const wanted = [];
  for (const [place, { topicId, facts }] of stored.results.entries()) {
    if (facts.isOther) continue;
    const existing = await topics.find(scope.projectId, topicId);
    if (existing && existing.labelSource !== "words") continue;
    const one = found.topics[place];
    const texts = (one?.examples ?? []).slice(0, EXAMPLES_FOR_LABEL).map((row) => order[row]?.text ?? "");
    wanted.push({ topicId, words: one?.words ?? [], texts });
  }
  return labelTopics(ask, wanted, { scope, settings, signal });
}

type Saving = {
  readonly run: RunRow;
  readonly stored: StoredTopics;
  readonly labels: Labels;
  readonly counts: Pick<RunRow["counts"], "traces" | "matching" | "embedded">;
};

/** Stores a run's topics in one transaction. */
async function save({ db, clock }: TopicsDeps, { projectId }: Scope, { run, stored, labels, counts }: Saving) {
  const { labels: given, calls, costUsd, note } = labels;
  await db.transaction(async (tx) => {
    const store = createTopicStore(tx);
    for (const row of stored.topics) {
      const existing = await store.find(projectId, row.id);
      const label = given.get(row.id);
      const isKept = existing?.labelSource === "model" && label === undefined;
      if (!isKept) await store.save([label === undefined ? row : { ...row, label, labelSource: "model" }]);
    }
    await createResultStore(tx).add(stored.results);
    await createMemberStore(tx).add(stored.members);
    await createRunStore(tx).update(projectId, run.id, {
      status: "done",
      finishedAt: new Date(clock.now()),
      counts: {
        ...counts,
        topics: stored.results.filter(({ parentId, facts }) => parentId === null && !facts.isOther).length,
        newTopics: stored.results.filter(({ parentId, facts }) => parentId === null && facts.isNew).length,
        labelCalls: calls,
        labelCostUsd: costUsd,
        labelNote: note,
      },
    });
    await createRunStore(tx).prune(projectId);
  });
}

export const newRunId = (now: number) => newId("trun", now);
