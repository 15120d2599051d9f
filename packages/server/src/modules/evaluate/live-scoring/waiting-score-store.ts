import { and, asc, eq, isNotNull, lt } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { liveScores } from "./schema.ts";

export type WaitingScore = typeof liveScores.$inferSelect;

/** Scores that still must be written to their spans, and records that can be deleted. */
export const createWaitingScoreStore = (db: Postgres) => ({
  /** The next batch of scores that are not on their spans yet, always in the same order; empty when all are. */
  async listWaiting(projectId: string): Promise<WaitingScore[]> {
    const [next] = await db
      .select({ batchId: liveScores.batchId })
      .from(liveScores)
      .where(and(eq(liveScores.projectId, projectId), isNotNull(liveScores.batchId)))
      .orderBy(asc(liveScores.batchId))
      .limit(1);
    if (!next?.batchId) return [];
    return db
      .select()
      .from(liveScores)
      .where(and(eq(liveScores.projectId, projectId), eq(liveScores.batchId, next.batchId)))
      .orderBy(asc(liveScores.ruleId), asc(liveScores.traceId), asc(liveScores.spanId), asc(liveScores.name));
  },

  async markDelivered(projectId: string, batchId: string): Promise<void> {
    await db
      .update(liveScores)
      .set({ batchId: null })
      .where(and(eq(liveScores.projectId, projectId), eq(liveScores.batchId, batchId)));
  },

  async deleteOlderThan(projectId: string, before: Date): Promise<void> {
    await db.delete(liveScores).where(and(eq(liveScores.projectId, projectId), lt(liveScores.scoredAt, before)));
  },
});
