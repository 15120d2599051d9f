import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ResultRow } from "./result-store.ts";
import { evalResults, evalScores } from "./schema.ts";

/** The parts of a run to retry, and why they failed. */
export const createRetryStore = (db: Postgres) => ({
  /** Answers to some items that lack scores, for a run that has `scorers` of them. */
  async listUnscored(runIds: readonly string[], itemIds: readonly string[], scorers: number): Promise<ResultRow[]> {
    if (runIds.length === 0 || itemIds.length === 0 || scorers === 0) return [];
    const scored = sql`(SELECT count(*) FROM ${evalScores} WHERE ${evalScores.runId} = ${evalResults.runId}
      AND ${evalScores.itemId} = ${evalResults.itemId} AND ${evalScores.repeat} = ${evalResults.repeat})`;
    return db
      .select()
      .from(evalResults)
      .where(
        and(
          inArray(evalResults.runId, [...runIds]),
          inArray(evalResults.itemId, [...itemIds]),
          eq(evalResults.state, "ok"),
          sql`${scored} < ${scorers}`,
        ),
      );
  },

  /** The message that the most errors of a run have; null without any. */
  async findCommonError(runId: string): Promise<string | null> {
    const { errorMessage } = evalResults;
    const [row] = await db
      .select({ errorMessage })
      .from(evalResults)
      .where(and(eq(evalResults.runId, runId), eq(evalResults.state, "error")))
      .groupBy(errorMessage)
      .orderBy(sql`count(*) DESC`)
      .limit(1);
    return row?.errorMessage ?? null;
  },
});
