import type { FeedbackTarget } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import type { AnswerKnown, PlaceStore, TraceKnown } from "../stores/place-store.ts";
import { createBatched } from "./batched.ts";
import type { Place } from "./feedback-row.ts";

type Deps = {
  readonly store: PlaceStore;
  readonly clock: Clock;
  /** Whether this server deleted a trace recently. */
  readonly isDeleted: (projectId: string, traceId: string) => boolean;
};
export type FoundPlace = { readonly place: Place; readonly isWaiting: boolean };

/** How long a trace that was found is taken to be there, and for how many. */
const KNOWN_MS = 10_000;
const MOST_KNOWN = 20_000;
/** Feedback is accepted even if the store does not respond in time. It then waits for its trace. */
const PATIENCE_MS = 2_000;

const PREFIXES = ["", "chatcmpl-", "resp_", "msg_", "gen-"];
/** The gateway answers one id in each wire format's own way: what the span may have in its place. */
export const spellingsOf = (responseId: string): string[] => {
  const core = responseId.replace(/^(chatcmpl-|resp_|msg_|gen-)/, "");
  return [...new Set([responseId, ...PREFIXES.map((prefix) => prefix + core)])];
};

/** Resolves the target of feedback. Throws `not_found` for a trace of another project, or a deleted trace. */
export function createPlaces({ store, clock, isDeleted }: Deps) {
  /** By project, the times when its traces were last found. */
  const known = new Map<string, Map<string, number>>();
  let countKnown = 0;
  const askTrace = createBatched(async (traceIds) => groupBy(await store.listTraces(traceIds), (row) => row.trace_id));
  const askAnswer = createBatched((keys) => findAnswers(store, keys.map(fromKey)));

  /** Whether a trace was found a moment ago. */
  function isKnown(projectId: string, traceId: string): boolean {
    if (isDeleted(projectId, traceId)) throw notFound("trace", traceId);
    const since = known.get(projectId)?.get(traceId);
    return since !== undefined && clock.elapsed() - since < KNOWN_MS;
  }

  function noteKnown(projectId: string, traceId: string) {
    if (countKnown++ >= MOST_KNOWN) {
      known.clear();
      countKnown = 1;
    }
    const traces = known.get(projectId) ?? new Map<string, number>();
    known.set(projectId, traces.set(traceId, clock.elapsed()));
  }

  async function checkTrace(projectId: string, traceId: string): Promise<"known" | "waiting"> {
    if (isKnown(projectId, traceId)) return "known";
    const rows = await inTime(askTrace(traceId));
    const own = rows?.filter((row) => row.project_id === projectId) ?? [];
    if (rows?.length && (own.length === 0 || own.some((row) => row.is_deleted))) throw notFound("trace", traceId);
    if (own.length === 0) return "waiting";
    noteKnown(projectId, traceId);
    return "known";
  }

  /** Returns immediately for a trace that was found a moment ago. */
  return function findPlace(projectId: string, target: FeedbackTarget): FoundPlace | Promise<FoundPlace> {
    const { traceId = "", spanId = "" } = target;
    if (traceId === "" || !isKnown(projectId, traceId)) return ask(projectId, target);
    return { place: { traceId, spanId, sessionId: "", responseId: "" }, isWaiting: false };
  };

  async function ask(projectId: string, target: FeedbackTarget): Promise<FoundPlace> {
    const { traceId = "", spanId = "", sessionId = "", responseId = "" } = target;
    if (traceId !== "") {
      const state = await checkTrace(projectId, traceId);
      return { place: { traceId, spanId, sessionId, responseId }, isWaiting: state === "waiting" };
    }
    if (responseId === "") return { place: { traceId, spanId, sessionId, responseId }, isWaiting: false };
    const answer = await inTime(askAnswer(toKey(projectId, responseId)));
    if (!answer) return { place: { traceId, spanId, sessionId, responseId }, isWaiting: true };
    await checkTrace(projectId, answer.trace_id);
    return { place: { traceId: answer.trace_id, spanId: answer.span_id, sessionId, responseId }, isWaiting: false };
  }
}
export type FindPlace = ReturnType<typeof createPlaces>;

/** The spans of answers, by project and requested id. */
export async function findAnswers(
  store: PlaceStore,
  asked: readonly (readonly [projectId: string, responseId: string])[],
): Promise<Map<string, AnswerKnown>> {
  const projectIds = [...new Set(asked.map(([projectId]) => projectId))];
  const rows = await store.listAnswers(projectIds, [...new Set(asked.flatMap(([, id]) => spellingsOf(id)))]);
  const bySpelling = new Map(rows.map((row) => [toKey(row.project_id, row.response_id), row]));
  const answersByRef = new Map<string, AnswerKnown>();
  for (const [projectId, id] of asked) {
    const [row] = spellingsOf(id).flatMap((spelling) => bySpelling.get(toKey(projectId, spelling)) ?? []);
    if (row) answersByRef.set(toKey(projectId, id), row);
  }
  return answersByRef;
}

/** Ids of projects have no space. */
export const toKey = (projectId: string, id: string) => `${projectId} ${id}`;
const fromKey = (key: string): readonly [string, string] => {
  const at = key.indexOf(" ");
  return [key.slice(0, at), key.slice(at + 1)];
};

function groupBy(rows: readonly TraceKnown[], keyOf: (row: TraceKnown) => string): Map<string, TraceKnown[]> {
  const groups = new Map<string, TraceKnown[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/** What is answered in time; undefined when the store is slow or away. */
async function inTime<Value>(asked: Promise<Value | undefined>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
