import type { ScoreState } from "@treadle/contract";
import { and, count, desc, eq, gte, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { liveScores } from "./schema.ts";

export type LiveScoreRow = typeof liveScores.$inferSelect;
type Key = Pick<LiveScoreRow, "traceId" | "spanId" | "name" | "madeBy">;
type Place = readonly [at: string, traceId: string, spanId: string, name: string, madeBy: string];

export const scoreKey = ({ traceId, spanId, name, madeBy }: Key) => `${traceId} ${spanId} ${madeBy} ${name}`;

/** The records of scored spans, so that nothing is scored twice. */
export const createLiveScoreStore = (db: Postgres) => ({
  /** The states of what a rule has scored of some traces, by `scoreKey`. */
  async listStates(ruleId: string, traceIds: readonly string[]): Promise<ReadonlyMap<string, ScoreState>> {
    const { traceId, spanId, name, madeBy, state } = liveScores;
    const rows = await db
      .select({ traceId, spanId, name, madeBy, state })
      .from(liveScores)
      .where(and(eq(liveScores.ruleId, ruleId), inArray(traceId, [...traceIds])));
    return new Map(rows.map((row) => [scoreKey(row), row.state]));
  },

  /** How many scores of a name each version of a scorer gave since a time, by `makerOf`. */
  async countMakers(
    projectId: string,
    { name, from }: { name: string; from: Date },
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await db
      .select({ madeBy: liveScores.madeBy, scores: count() })
      .from(liveScores)
      .where(
        and(
          eq(liveScores.projectId, projectId),
          eq(liveScores.name, name),
          eq(liveScores.state, "scored"),
          gte(liveScores.scoredAt, from),
        ),
      )
      .groupBy(liveScores.madeBy);
    return new Map(rows.map(({ madeBy, scores }) => [madeBy, scores]));
  },

  /** Only a score that had failed is replaced. */
  async add(rows: readonly LiveScoreRow[]): Promise<void> {
    if (rows.length === 0) return;
    const { ruleId, traceId, spanId, name, madeBy } = liveScores;
    await db
      .insert(liveScores)
      .values([...rows])
      .onConflictDoUpdate({
        target: [ruleId, traceId, spanId, name, madeBy],
        set: {
          state: sql`excluded.state`,
          value: sql`excluded.value`,
          label: sql`excluded.label`,
          reason: sql`excluded.reason`,
          costUsd: sql`excluded.cost_usd`,
          tokens: sql`excluded.tokens`,
          scoredAt: sql`excluded.scored_at`,
          batchId: sql`excluded.batch_id`,
        },
        setWhere: eq(liveScores.state, "failed"),
      });
  },

  /** Newest first, those before a place. */
  list: (
    { projectId, ruleId, state }: { projectId: string; ruleId: string; state: ScoreState | undefined },
    { limit, before }: { limit: number; before: Place | null },
  ): Promise<LiveScoreRow[]> => {
    const { scoredAt, traceId, spanId, name, madeBy } = liveScores;
    const isBefore =
      before &&
      sql`(${scoredAt}, ${traceId}, ${spanId}, ${name}, ${madeBy}) < (${before[0]}::timestamptz, ${before[1]}, ${before[2]}, ${before[3]}, ${before[4]})`;
    return db
      .select()
      .from(liveScores)
      .where(
        and(
          eq(liveScores.projectId, projectId),
          eq(liveScores.ruleId, ruleId),
          state && eq(liveScores.state, state),
          isBefore ?? undefined,
        ),
      )
      .orderBy(desc(scoredAt), desc(traceId), desc(spanId), desc(name), desc(madeBy))
      .limit(limit);
  },
});

export const createScoredTraceStore = (db: Postgres) => ({
  /** The traces among these in which a rule has scored a span. */
  async list(ruleId: string, traceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { traceId, state } = liveScores;
    const rows = await db
      .selectDistinct({ traceId })
      .from(liveScores)
      .where(and(eq(liveScores.ruleId, ruleId), inArray(traceId, [...traceIds]), eq(state, "scored")));
    return new Set(rows.map((row) => row.traceId));
  },
});
