import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { JobKind } from "../../../../platform/jobs/port.ts";
import { slotOf, toRetractionRow } from "../slots/feedback-row.ts";
import { factsOf } from "../slots/read-slot.ts";
import { findAnswers, toKey } from "../slots/resolve-ref.ts";
import type { FeedbackDeps } from "../stores/deps.ts";
import { createFeedbackStore, type FeedbackRow } from "../stores/feedback-store.ts";
import { type AnswerKnown, createPlaceStore } from "../stores/place-store.ts";

const WAITING_KIND: JobKind<object, null> = { name: "feedback-waiting", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 5;
const BATCH = 500;
/** An answer that has not been recorded after so long will not come. */
const MOST_DAYS = 7;

/** Brings feedback on an answer to the answer's span once that has been recorded, when it came before it. */
export function createWaiting(deps: FeedbackDeps & { readonly nextVersion: () => number }) {
  const { columnar, spool, db, jobs, clock, nextVersion } = deps;
  const places = createPlaceStore(columnar);
  const store = createFeedbackStore(columnar);
  /** The projects whose job this process has seen to. */
  const watched = new Set<string>();

  /** Moves what waits for answers that are known now; gives how many. */
  async function resolve(projectId: string): Promise<number> {
    const since = new Date(clock.now() - MOST_DAYS * DAY_MS).toISOString();
    const waiting = await places.listWaiting(projectId, { since, limit: BATCH });
    if (waiting.length === 0) return 0;
    const asked = waiting.map(({ response_id }) => [projectId, response_id] as const);
    const answers = await findAnswers(places, asked);
    const known = asked.flatMap(([, id]) => (answers.has(toKey(projectId, id)) ? [id] : []));
    if (known.length === 0) return 0;
    const moved = (await store.listOfAnswers(projectId, known)).flatMap((row) => {
      const answer = answers.get(toKey(projectId, row.response_id));
      return answer ? [{ row, answer }] : [];
    });
    await spool.append(
      "feedback",
      moved.flatMap(({ row, answer }) => [
        moveRow(projectId, row, answer),
        toRetractionRow(projectId, factsOf(row), nextVersion()),
      ]),
    );
    return moved.length;
  }

  jobs.register(WAITING_KIND, {
    async run({ scope }) {
      await resolve(scope.projectId);
      return null;
    },
  });

  return {
    resolve,
    /** Schedules the check of waiting entries. */
    async watch(scope: Pick<Scope, "projectId">): Promise<void> {
      if (watched.has(scope.projectId)) return;
      watched.add(scope.projectId);
      const order = {
        kind: WAITING_KIND,
        payload: {},
        title: "Attach feedback to late responses",
        key: "feedback-waiting",
      };
      try {
        await db.transaction((tx) =>
          jobs.send(tx, systemScope(scope.projectId), { ...order, everySeconds: EVERY_SECONDS }),
        );
      } catch (error) {
        watched.delete(scope.projectId);
        throw error;
      }
    },
  };
}

/** The same content on the span of the answer, with its original time: later entries there remain the newest. */
function moveRow(projectId: string, { micros, ...row }: FeedbackRow, { trace_id, span_id }: AnswerKnown) {
  const place = { traceId: trace_id, spanId: span_id, sessionId: "", responseId: row.response_id };
  const asker = row.source === "api" ? null : row.given_by;
  const owner = { name: row.name, userId: row.user_id, asker, feedbackId: row.feedback_id };
  return {
    ...row,
    project_id: projectId,
    time: micros,
    trace_id,
    span_id,
    slot: slotOf(place, owner),
  };
}
