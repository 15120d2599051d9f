import type { ParsedOf, ResponseOf, Topic, TopicRun, topicsApi } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { TopicsDeps } from "./deps.ts";
import { toTopic } from "./present.ts";
import { OTHER_LABEL } from "./to-stored.ts";
import { createMemberStore, createResultStore, createTopicStore, type ShownTopic } from "./topic-store.ts";
import { createTopicTraceStore } from "./trace-store.ts";

type ListApi = (typeof topicsApi)["GET /api/v1/topics"];
type TracesQuery = ParsedOf<(typeof topicsApi)["GET /api/v1/topics/:topicId/traces"]>["query"];
type GetRun = (scope: Scope, runId: string | undefined) => Promise<TopicRun | null>;

const WORDS_IN_LABEL = 3;

/** What is read about topics, and their labels. */
export const createTopicReading = (deps: TopicsDeps, getRun: GetRun) => ({
  ...createTopicLists(deps, getRun),

  async listTraces(scope: Scope, topicId: string, { limit, cursor, runId }: TracesQuery) {
    if (!(await createTopicStore(deps.db).find(scope.projectId, topicId))) throw notFound("topic", topicId);
    const run = await getRun(scope, runId);
    if (!run) return { items: [], nextCursor: null };
    const after = cursor === undefined ? null : readPlace(cursor);
    const query = { runId: run.runId, topicId, limit: limit + 1, after };
    const rows = await createMemberStore(deps.db).list(scope.projectId, query);
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.similarity, row.traceId]);
    return {
      items: items.map(({ traceId, topicId: own, at, similarity }) => ({
        traceId,
        topicId: own,
        at: at.toISOString(),
        similarity,
      })),
      nextCursor,
    };
  },
});

function createTopicLists({ db, ...deps }: TopicsDeps, getRun: GetRun) {
  const traces = createTopicTraceStore(deps);
  const readExamples = (projectId: string, rows: readonly ShownTopic[]) =>
    traces.texts(
      projectId,
      rows.flatMap(({ facts }) => facts.examples.map(({ traceId }) => traceId)),
    );
  return {
    async list(scope: Scope, { limit, cursor, runId }: ParsedOf<ListApi>["query"]): Promise<ResponseOf<ListApi>> {
      const run = await getRun(scope, runId);
      if (!run) return { items: [], nextCursor: null, run: null };
      const after = cursor === undefined ? null : readPlace(cursor);
      const rows = await createResultStore(db).list(scope.projectId, run.runId, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.traces, row.topicId]);
      const texts = await readExamples(scope.projectId, items);
      return { items: items.map((row) => toTopic(row, texts)), nextCursor, run };
    },

    async rename(scope: Scope, topicId: string, label: string): Promise<Topic> {
      const { projectId } = scope;
      const run = await getRun(scope, undefined);
      const row = run ? await createResultStore(db).find(projectId, run.runId, topicId) : undefined;
      if (!row) throw notFound("topic", topicId);
      const changes = labelOf(label, row.facts);
      await createTopicStore(db).rename(projectId, topicId, changes);
      return toTopic({ ...row, ...changes }, await readExamples(projectId, [row]));
    },
  };
}

/** Without a label, the topic has its words again. */
const labelOf = (label: string, { words, isOther }: ShownTopic["facts"]) =>
  label === ""
    ? {
        label: isOther ? OTHER_LABEL : words.slice(0, WORDS_IN_LABEL).join(", ") || "Topic",
        labelSource: "words" as const,
      }
    : { label, labelSource: "person" as const };

function readPlace(cursor: string): readonly [number, string] {
  const [value, id] = fromCursor(cursor, 2);
  if (typeof value === "number" && typeof id === "string") return [value, id];
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
