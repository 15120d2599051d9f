import type { TopicRun, TopicRunInput, TopicSettings } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { DEFAULT_TOPIC_SETTINGS } from "./default-settings.ts";
import type { TopicsDeps } from "./deps.ts";
import { toRun } from "./present.ts";
import { createRunStore, createTopicProjectStore, NO_COUNTS, type RunRow } from "./run-store.ts";
import { newRunId, TOPICS_KIND } from "./run-topics.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The runs of a project. */
export const createRuns = (deps: TopicsDeps) => ({ ...createRunReading(deps), ...createRunStart(deps) });

function createRunReading({ db, jobs }: TopicsDeps) {
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
  };
}

const RECENT_RUNS = 5;

const createRunStart = ({ db, jobs, audit, clock }: TopicsDeps) => ({
  async create(scope: Scope, input: TopicRunInput): Promise<TopicRun> {
    const now = clock.now();
    const settings = (await createTopicProjectStore(db).find(scope.projectId))?.settings ?? DEFAULT_TOPIC_SETTINGS;
    const plan = planOf(input, settings, now);
    const id = newRunId(now);
    const order = { kind: TOPICS_KIND, payload: { runId: id }, title: "Find topics of traces", key: "topics" };
    const row = await db.transaction(async (tx) => {
      const store = createRunStore(tx);
      const jobId = await jobs.send(tx, scope, order);
      const recent = await store.list(scope.projectId, { limit: RECENT_RUNS, after: null });
      refuseSecond(recent.find((one) => one.jobId === jobId));
      const state = { status: "queued" as const, error: "", counts: NO_COUNTS, finishedAt: null };
      const by = { startedBy: scope.actor, createdAt: new Date(now) };
      const created: RunRow = { id, projectId: scope.projectId, jobId, plan, ...state, ...by };
      await store.create(created);
      await audit.record(scope, { action: "topics.run", target: id, details: { filter: plan.filter } }, tx);
      return created;
    });
    return toRun(row);
  },
});

function refuseSecond(existing: RunRow | undefined): void {
  if (!existing) return;
  throw new AppError("conflict", {
    message: "Topics are being found already. Wait for the run to end, or cancel its job.",
    details: { runId: existing.id, jobId: existing.jobId },
  });
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
