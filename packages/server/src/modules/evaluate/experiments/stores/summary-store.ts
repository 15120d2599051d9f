import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { RunTotals } from "./run-totals.ts";

/** For one scorer of a run. Items are averaged over their repeats first. */
export type ScoreFacts = {
  readonly scorer: string;
  readonly items: number;
  /** With a value; as many as items without repeats. */
  readonly answers: number;
  readonly mean: number;
  /** The deviation of the items' means. Null for one item. */
  readonly variance: number | null;
  /** The least and the greatest value of an answer. */
  readonly lowest: number;
  readonly highest: number;
  /** Every answer's value is 0 or 1. */
  readonly isPassOrFail: boolean;
  /** The deviation of an item's repeats, averaged over items with several. */
  readonly within: number | null;
  /** Shares of the items whose best and whose worst repeat is 1. */
  readonly passAny: number | null;
  readonly passAll: number | null;
};
export type ScoreCounts = {
  readonly scorer: string;
  readonly undefined: number;
  readonly failed: number;
  readonly costUsd: number | null;
};

export type ModelUsage = {
  readonly answers: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number | null;
  readonly usdPerToken: number | null;
};

/** The counts of a run's answers. */
export const createSummaryStore = (db: Postgres) => ({
  async totals(runId: string): Promise<RunTotals> {
    const { rows } = await db.execute<RunTotals>(sql`
      SELECT count(*)::int AS answers,
        count(*) FILTER (WHERE state = 'error')::int AS errors,
        coalesce(sum(input_tokens), 0)::float8 AS "inputTokens",
        coalesce(sum(output_tokens), 0)::float8 AS "outputTokens",
        sum(cost_usd) AS "costUsd",
        percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE state = 'ok' AND NOT is_cached) AS "latencyP50Ms",
        percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE state = 'ok' AND NOT is_cached) AS "latencyP95Ms"
      FROM eval_results WHERE run_id = ${runId}`);
    const [row] = rows;
    if (!row) throw new Error("A sum over no rows is still one row.");
    return row;
  },

  async scores(runId: string): Promise<ScoreFacts[]> {
    const { rows } = await db.execute<ScoreFacts>(sql`
      SELECT scorer, count(*)::int AS items, sum(answers)::int AS answers, avg(mean) AS mean, var_samp(mean) AS variance,
        min(lowest) AS lowest, max(highest) AS highest, bool_and("isBinary") AS "isPassOrFail", avg(within) AS within,
        avg((highest >= 1)::int)::float8 AS "passAny", avg((lowest >= 1)::int)::float8 AS "passAll"
      FROM (
        SELECT scorer, item_id, count(*) AS answers, avg(value) AS mean, var_samp(value) AS within,
          max(value) AS highest, min(value) AS lowest, bool_and(value IN (0, 1)) AS "isBinary"
        FROM eval_scores WHERE run_id = ${runId} AND state = 'scored' AND value IS NOT NULL
        GROUP BY scorer, item_id
      ) AS item
      GROUP BY scorer`);
    return rows;
  },

  async counts(runId: string): Promise<ScoreCounts[]> {
    const { rows } = await db.execute<ScoreCounts>(sql`
      SELECT scorer, count(*) FILTER (WHERE state = 'undefined')::int AS undefined,
        count(*) FILTER (WHERE state = 'failed')::int AS failed, sum(cost_usd) AS "costUsd"
      FROM eval_scores WHERE run_id = ${runId} GROUP BY scorer`);
    return rows;
  },

  /** The most frequent first. */
  async labels(runId: string, most: number): Promise<{ scorer: string; label: string; answers: number }[]> {
    const { rows } = await db.execute<{ scorer: string; label: string; answers: number }>(sql`
      SELECT scorer, label, answers FROM (
        SELECT scorer, label, count(*)::int AS answers,
          row_number() OVER (PARTITION BY scorer ORDER BY count(*) DESC, label) AS place
        FROM eval_scores WHERE run_id = ${runId} AND label IS NOT NULL GROUP BY scorer, label
      ) AS counted
      WHERE place <= ${most} ORDER BY scorer, place`);
    return rows;
  },
});

/** The data for statistics. */
export const createValueStore = (db: Postgres) => ({
  /** Each item's mean of a score: what tests are made of. */
  async values(runId: string, scorer: string): Promise<{ itemId: string; value: number }[]> {
    const { rows } = await db.execute<{ itemId: string; value: number }>(sql`
      SELECT item_id AS "itemId", avg(value) AS value FROM eval_scores
      WHERE run_id = ${runId} AND scorer = ${scorer} AND state = 'scored' AND value IS NOT NULL
      GROUP BY item_id`);
    return rows;
  },

  /** Each item's mean cost and latency of the answers that were given. */
  async measures(runId: string): Promise<{ itemId: string; costUsd: number | null; latencyMs: number | null }[]> {
    const { rows } = await db.execute<{ itemId: string; costUsd: number | null; latencyMs: number | null }>(sql`
      SELECT item_id AS "itemId", avg(cost_usd) AS "costUsd", avg(latency_ms) FILTER (WHERE NOT is_cached) AS "latencyMs"
      FROM eval_results WHERE run_id = ${runId} AND state = 'ok' GROUP BY item_id`);
    return rows;
  },

  /** How often each item passed, over the answers of several runs. */
  async passes(
    runIds: readonly string[],
    scorer: string,
  ): Promise<{ itemId: string; passes: number; answers: number }[]> {
    if (runIds.length === 0) return [];
    const { rows } = await db.execute<{ itemId: string; passes: number; answers: number }>(sql`
      SELECT item_id AS "itemId", count(*) FILTER (WHERE value >= 1)::int AS passes, count(*)::int AS answers
      FROM eval_scores
      WHERE run_id IN (${sql.join(
        runIds.map((id) => sql`${id}`),
        sql`, `,
      )}) AND scorer = ${scorer}
        AND state = 'scored' AND value IS NOT NULL
      GROUP BY item_id`);
    return rows;
  },

  /** Each answer's value, for the spread of repeats. */
  async repeats(runId: string, scorer: string): Promise<{ itemId: string; values: number[] }[]> {
    const { rows } = await db.execute<{ itemId: string; values: number[] }>(sql`
      SELECT item_id AS "itemId", array_agg(value ORDER BY repeat) AS values FROM eval_scores
      WHERE run_id = ${runId} AND scorer = ${scorer} AND state = 'scored' AND value IS NOT NULL
      GROUP BY item_id`);
    return rows;
  },

  /** The recent average duration of a model's answers. Null if there are none. */
  async usage(projectId: string, model: string): Promise<ModelUsage | null> {
    const { rows } = await db.execute<ModelUsage>(sql`
      SELECT count(*)::int AS answers, avg(input_tokens)::float8 AS "inputTokens", avg(output_tokens)::float8 AS "outputTokens",
        avg(latency_ms) AS "latencyMs", sum(cost_usd) / nullif(sum(input_tokens + output_tokens), 0) AS "usdPerToken"
      FROM (
        SELECT result.* FROM eval_results AS result JOIN eval_runs AS run ON run.id = result.run_id
        WHERE run.project_id = ${projectId} AND run.variant ->> 'model' = ${model} AND result.state = 'ok' AND NOT result.is_cached
        ORDER BY run.created_at DESC LIMIT 500
      ) AS late`);
    const [row] = rows;
    return row && row.answers > 0 ? row : null;
  },
});
