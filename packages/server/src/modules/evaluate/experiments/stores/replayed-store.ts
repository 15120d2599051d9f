import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** How the answers of a replayed run made their decisions, added up. */
export type ReplayedCounts = {
  readonly diverged: number;
  readonly toolCalls: number;
  readonly decisions: number;
  readonly sameDecisions: number;
};

export async function countReplayed(db: Postgres, runIds: readonly string[]): Promise<Map<string, ReplayedCounts>> {
  if (runIds.length === 0) return new Map();
  const ids = sql.join(
    runIds.map((id) => sql`${id}`),
    sql`, `,
  );
  const { rows } = await db.execute<ReplayedCounts & { runId: string }>(sql`
    SELECT run_id AS "runId", count(*) FILTER (WHERE state = 'diverged')::int AS diverged,
      coalesce(sum((replayed ->> 'toolCalls')::int), 0)::int AS "toolCalls",
      coalesce(sum((replayed ->> 'decisions')::int), 0)::int AS decisions,
      coalesce(sum((replayed ->> 'sameDecisions')::int), 0)::int AS "sameDecisions"
    FROM eval_results WHERE run_id IN (${ids}) GROUP BY run_id`);
  return new Map(rows.map(({ runId, ...counts }) => [runId, counts]));
}
