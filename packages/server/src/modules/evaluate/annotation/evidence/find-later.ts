import type { Scope } from "../../../../kernel/scope.ts";
import type { SpanKey } from "../../../observe/traces/index.ts";
import type { createLastCallStore } from "./last-call-store.ts";

const MOST_SESSIONS = 1_000;

export const spanKey = ({ traceId, spanId }: SpanKey): string => `${traceId} ${spanId}`;

/**
 * For regenerated answers: the last call of the session with the same input, by the key of the first. An answer that
 * was itself regenerated is not better, and is left out.
 */
export async function findLater(
  calls: ReturnType<typeof createLastCallStore>,
  { projectId }: Scope,
  again: readonly (SpanKey & { readonly sessionId: string })[],
): Promise<ReadonlyMap<string, SpanKey>> {
  const sessions = [...new Set(again.map(({ sessionId }) => sessionId))].slice(0, MOST_SESSIONS);
  if (sessions.length === 0) return new Map();
  const bySession = Map.groupBy(await calls.listCalls(projectId, sessions), ({ session_id }) => session_id);
  const unwanted = new Set(again.map(spanKey));
  return new Map(
    again.flatMap((one) => {
      const all = bySession.get(one.sessionId) ?? [];
      const own = all.find(({ trace_id, span_id }) => trace_id === one.traceId && span_id === one.spanId);
      const last = all.findLast(({ asked }) => asked === own?.asked);
      if (!own || !last || last.micros <= own.micros) return [];
      const key = { traceId: last.trace_id, spanId: last.span_id };
      return unwanted.has(spanKey(key)) ? [] : [[spanKey(one), key] as const];
    }),
  );
}
