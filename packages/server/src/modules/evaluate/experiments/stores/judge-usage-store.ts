import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

export const createJudgeUsageStore = (db: Postgres) => ({
  /** The recent average cost of a scorer's scores with a cost. Null if there are none. */
  async costOf(
    projectId: string,
    { signature }: { readonly signature: string },
  ): Promise<{ scores: number; usd: number } | null> {
    const { rows } = await db.execute<{ scores: number; usd: number | null }>(sql`
      SELECT count(*)::int AS scores, avg(cost_usd) AS usd FROM (
        SELECT score.cost_usd FROM (
          SELECT run.id, known ->> 'key' AS key FROM eval_runs AS run, jsonb_array_elements(run.scorers) AS known
          WHERE run.project_id = ${projectId} AND known ->> 'signature' = ${signature}
          ORDER BY run.created_at DESC LIMIT 10
        ) AS used
        JOIN eval_scores AS score ON score.run_id = used.id AND score.scorer = used.key AND score.cost_usd IS NOT NULL
        LIMIT 2000
      ) AS late`);
    const [row] = rows;
    return row && row.scores > 0 && row.usd !== null ? { scores: row.scores, usd: row.usd } : null;
  },
});
