import type { ParsedOf, ResponseOf, Topic, TopicRun, TopicRunInput, TopicSettings, topicsApi } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { DEFAULT_TOPIC_SETTINGS } from "./default-settings.ts";
import type { TopicsDeps } from "./deps.ts";
import { toRun, toTopic } from "./present.ts";
import { createRunStore, createTopicProjectStore, NO_COUNTS, type RunRow } from "./run-store.ts";
import { createTopicsJob, newRunId, TOPICS_KIND } from "./run-topics.ts";
import { createTopicSchedule } from "./schedule-topics.ts";
import { createMemberStore, createResultStore, createTopicStore } from "./topic-store.ts";
import { createTopicTraceStore } from "./trace-store.ts";

type ListQuery = ParsedOf<(typeof topicsApi)["GET /api/v1/topics"]>["query"];
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** What people ask: groups of similar inputs, found in runs. */
export function createTopics(deps: TopicsDeps) {
  deps.jobs.register(TOPICS_KIND, createTopicsJob(deps));
  const runs = createRuns(deps);
  const schedule = createTopicSchedule(deps, runs.create);
  return {
    runs,
    start: schedule.start,
    ...createTopicReading(deps, runs.get),

    async getSettings({ projectId }: Scope): Promise<TopicSettings> {
      return (await createTopicProjectStore(deps.db).find(projectId))?.settings ?? DEFAULT_TOPIC_SETTINGS;
    },

    async updateSettings(scope: Scope, settings: TopicSettings): Promise<TopicSettings> {
      if (settings.labelling.isEnabled && !scope.permissions.has("gateway:use"))
        throw new AppError("forbidden", {
          message: "Labelling calls a model, which needs the permission gateway:use.",
        });
      await deps.db.transaction(async (tx) => {
        await createTopicProjectStore(tx).save(scope.projectId, settings);
        if (settings.isScheduled) await schedule.follow(scope.projectId, tx);
        const { isScheduled, filter, labelling } = settings;
        const details = { isScheduled, filter, isLabelled: labelling.isEnabled };
        await deps.audit.record(scope, { action: "topics.settings", target: scope.projectId, details }, tx);
      });
      return settings;
    },
  };
}
export type Topics = ReturnType<typeof createTopics>;

function createRuns({ db, jobs, audit, clock }: TopicsDeps) {
  /** A run whose job ended without noting it, such as a cancelled one. */
  async function withJob(scope: Scope, row: RunRow): Promise<TopicRun> {
    if (row.status !== "queued" && row.status !== "running") return toRun(row);
    const { status, error } = await jobs.get(scope, row.jobId);
    const shown = status === "cancelled" ? "canceled" : status === "done" ? row.status : status;
    return toRun({ ...row, status: shown, error: error?.message ?? "" });
  }
  return {
    async get(scope: Scope, runId: string | undefined): Promise<TopicRun | null> {
      const store = createRunStore(db);
      const row =
        runId === undefined ? await store.findNewest(scope.projectId) : await store.find(scope.projectId, runId);
      if (!row && runId !== undefined) throw notFound("topic run", runId);
      return row ? withJob(scope, row) : null;
    },

    async list(scope: Scope, { limit, cursor }: Page) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createRunStore(db).list(scope.projectId, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { items: await Promise.all(items.map((row) => withJob(scope, row))), nextCursor };
    },

    async create(scope: Scope, input: TopicRunInput): Promise<TopicRun> {
      const now = clock.now();
      const settings = (await createTopicProjectStore(db).find(scope.projectId))?.settings ?? DEFAULT_TOPIC_SETTINGS;
      const plan = planOf(input, settings, now);
      const id = newRunId(now);
      const title = "Find topics of traces";
      const row = await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, { kind: TOPICS_KIND, payload: { runId: id }, title, key: "topics" });
        const existing = (await createRunStore(tx).list(scope.projectId, { limit: 5, after: null })).find(
          (one) => one.jobId === jobId,
        );
        if (existing)
          throw new AppError("conflict", {
            message: "Topics are being found already. Wait for the run to end, or cancel its job.",
            details: { runId: existing.id, jobId },
          });
        const state = { status: "queued" as const, error: "", counts: NO_COUNTS, finishedAt: null };
        const created: RunRow = {
          id,
          projectId: scope.projectId,
          jobId,
          plan,
          ...state,
          startedBy: scope.actor,
          createdAt: new Date(now),
        };
        await createRunStore(tx).create(created);
        await audit.record(scope, { action: "topics.run", target: id, details: { filter: plan.filter } }, tx);
        return created;
      });
      return toRun(row);
    },
  };
}

const MOST_DAYS = 90;

function planOf({ from, to, filter }: TopicRunInput, settings: TopicSettings, now: number): RunRow["plan"] {
  const toMs = to === undefined ? now : Date.parse(to);
  const fromMs = from === undefined ? toMs - settings.days * DAY_MS : Date.parse(from);
  if (fromMs >= toMs) throw badTime("from", "must be before `to`");
  if (toMs - fromMs > MOST_DAYS * DAY_MS) throw badTime("from", `must be at most ${MOST_DAYS} days before \`to\``);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    filter: filter ?? settings.filter,
    mostTraces: settings.mostTraces,
    topics: settings.topics,
  };
}

const badTime = (param: string, why: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${why}.`, details: { param } });

type GetRun = (scope: Scope, runId: string | undefined) => Promise<TopicRun | null>;

function createTopicReading({ db, columnar }: TopicsDeps, getRun: GetRun) {
  const traces = createTopicTraceStore(columnar);
  const readExamples = (projectId: string, rows: Parameters<typeof toTopic>[0][]) =>
    traces.texts(
      projectId,
      rows.flatMap(({ facts }) => facts.examples.map(({ traceId }) => traceId)),
    );
  return {
    async list(
      scope: Scope,
      { limit, cursor, runId }: ListQuery,
    ): Promise<ResponseOf<(typeof topicsApi)["GET /api/v1/topics"]>> {
      const run = await getRun(scope, runId);
      if (!run) return { items: [], nextCursor: null, run: null };
      const after = cursor === undefined ? null : readPlace(cursor);
      const rows = await createResultStore(db).list(scope.projectId, run.runId, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.traces, row.topicId]);
      const texts = await readExamples(scope.projectId, items);
      return { items: items.map((row) => toTopic(row, texts)), nextCursor, run };
    },

    async listTraces(scope: Scope, topicId: string, { limit, cursor, runId }: Page & { runId?: string | undefined }) {
      if (!(await createTopicStore(db).find(scope.projectId, topicId))) throw notFound("topic", topicId);
      const run = await getRun(scope, runId);
      if (!run) return { items: [], nextCursor: null };
      const after = cursor === undefined ? null : readPlace(cursor);
      const query = { runId: run.runId, topicId, limit: limit + 1, after };
      const rows = await createMemberStore(db).list(scope.projectId, query);
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.similarity, row.traceId]);
      return {
        items: items.map((row) => ({
          traceId: row.traceId,
          topicId: row.topicId,
          at: row.at.toISOString(),
          similarity: row.similarity,
        })),
        nextCursor,
      };
    },

    async rename(scope: Scope, topicId: string, label: string): Promise<Topic> {
      const { projectId } = scope;
      const run = await getRun(scope, undefined);
      const row = run ? await createResultStore(db).find(projectId, run.runId, topicId) : undefined;
      if (!row) throw notFound("topic", topicId);
      const own = row.facts.words.slice(0, 3).join(", ");
      const changes =
        label === "" ? { label: own, labelSource: "words" as const } : { label, labelSource: "person" as const };
      await createTopicStore(db).rename(projectId, topicId, changes);
      return toTopic({ ...row, ...changes }, await readExamples(projectId, [row]));
    },
  };
}

function readPlace(cursor: string): readonly [number, string] {
  const [value, id] = fromCursor(cursor, 2);
  if (typeof value === "number" && typeof id === "string") return [value, id];
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
