import type { Feedback, FeedbackFilter } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { toFeedback } from "./present.ts";
import type { FeedbackDeps } from "./stores/deps.ts";
import type { createFeedbackStore, FeedbackRow } from "./stores/feedback-store.ts";

type Deps = Pick<FeedbackDeps, "namesOf"> & { readonly store: ReturnType<typeof createFeedbackStore> };
type Page = FeedbackFilter & { limit: number; cursor?: string | undefined };

const TRACES_AT_ONCE = 1_000;
const MOST_OF_A_TRACE = 50;

/** Queries of feedback. */
export function createFeedbackReads({ store, namesOf }: Deps) {
  async function describe({ projectId, actor }: Scope, rows: readonly FeedbackRow[]): Promise<Feedback[]> {
    const traceIds = [...new Set(rows.flatMap(({ trace_id }) => (trace_id === "" ? [] : [trace_id])))];
    const actors = [...new Set(rows.flatMap(({ given_by }) => (given_by === "" ? [] : [given_by])))];
    const recorded = traceIds.length > 0 ? await store.listRecorded(projectId, traceIds) : new Set<string>();
    const names = actors.length > 0 ? await namesOf(projectId, actors) : new Map<string, string>();
    return rows.map((row) => toFeedback(row, { actor, names, recorded }));
  }

  return {
    async list(scope: Scope, { limit, cursor, ...filter }: Page) {
      const after = cursor === undefined ? null : readPlace(cursor);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.micros, row.feedback_id]);
      return { items: await describe(scope, items), nextCursor };
    },

    /** The ids of the feedback on these traces, by trace. Traces without feedback are not included. */
    async idsOfTraces({ projectId }: Scope, traceIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
      const reasons = new Map<string, string[]>();
      for (let at = 0; at < traceIds.length; at += TRACES_AT_ONCE)
        for (const { traceId, feedbackId } of await store.listIdsOfTraces(
          projectId,
          traceIds.slice(at, at + TRACES_AT_ONCE),
          MOST_OF_A_TRACE,
        ))
          reasons.set(traceId, [...(reasons.get(traceId) ?? []), feedbackId]);
      return reasons;
    },

    async get(scope: Scope, feedbackId: string) {
      const { projectId } = scope;
      const event = await store.findEvent(projectId, feedbackId);
      const rows = event ? [event] : await store.listHistory(projectId, feedbackId);
      const active = rows.filter((row) => !row.is_retracted);
      const history = await describe(scope, active);
      const entry = history.find((each) => each.feedbackId === feedbackId);
      if (!entry) throw notFound("feedback", feedbackId);
      const isRetracted = rows[0]?.is_retracted ?? false;
      return { ...entry, isRetracted, isCurrent: !isRetracted && active[0]?.feedback_id === feedbackId, history };
    },
  };
}

function readPlace(cursor: string) {
  const [micros, feedbackId] = fromCursor(cursor, 2);
  if (Number.isSafeInteger(micros)) return { micros: Number(micros), feedbackId: String(feedbackId) };
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
