import type { LiveScoringDeps } from "./deps.ts";
import { createWaitingScoreStore, type WaitingScore } from "./waiting-score-store.ts";

/**
 * Brings scores to their spans. A batch is inserted under its own token, so that one whose insert was not noted, as when the
 * process died in between, is not there twice.
 */
export function createDelivery({ db, columnar }: Pick<LiveScoringDeps, "db" | "columnar">) {
  const store = createWaitingScoreStore(db);
  return async function deliver(projectId: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const rows = await store.listWaiting(projectId);
      const batchId = rows[0]?.batchId;
      if (!batchId) return;
      await columnar.insert("scores", rows.map(toScore), { token: `live-scores:${batchId}` });
      await store.markDelivered(projectId, batchId);
    }
  };
}

const toScore = ({ projectId, scoredAt, traceId, spanId, name, value, label, reason }: WaitingScore) => ({
  project_id: projectId,
  time: (scoredAt.getTime() / 1_000).toFixed(6),
  trace_id: traceId,
  span_id: spanId,
  name,
  value,
  label: label ?? "",
  comment: reason,
  source: "scorer",
  received_at: Date.now(),
});
