import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** An answer with the score that it has. Scores that do not exist for an item are left out. */
export type Outcome = {
  readonly runId: string;
  readonly itemId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly scorer: string | null;
  /** Null without a score. */
  readonly value: number | null;
  readonly label: string | null;
};

/** The items to list: those whose metadata contains the values, and that have a score of 1 in a run. */
export type OutcomeFilter = {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly scoredIn: string | null;
  readonly after: string;
  readonly limit: number;
};

const listOf = (runIds: readonly string[]) =>
  sql.join(
    runIds.map((id) => sql`${id}`),
    sql`, `,
  );

export const createOutcomeStore = (db: Postgres) => ({
  /** Of the first answer to each item. */
  async list(itemSetId: string, runIds: readonly string[]): Promise<Outcome[]> {
    if (runIds.length === 0) return [];
    const { rows } = await db.execute<Outcome>(sql`
      SELECT result.run_id AS "runId", item.item_id AS "itemId", item.metadata, result.state <> 'ok' AS "isError",
        score.scorer, score.value, score.label
      FROM eval_results AS result
      JOIN eval_items AS item ON item.item_set_id = ${itemSetId} AND item.item_id = result.item_id
      LEFT JOIN eval_scores AS score ON score.run_id = result.run_id AND score.item_id = result.item_id
        AND score.repeat = result.repeat AND score.state = 'scored'
      WHERE result.run_id IN (${listOf(runIds)}) AND result.repeat = 0
      ORDER BY item.item_id, result.run_id`);
    return rows;
  },

  async listItemIds(itemSetId: string, { metadata, scoredIn, after, limit }: OutcomeFilter): Promise<string[]> {
    const isScored = sql`EXISTS (SELECT 1 FROM eval_scores AS score
      WHERE score.run_id = ${scoredIn} AND score.item_id = item.item_id AND score.state = 'scored' AND score.value = 1)`;
    const { rows } = await db.execute<{ itemId: string }>(sql`
      SELECT item.item_id AS "itemId" FROM eval_items AS item
      WHERE item.item_set_id = ${itemSetId} AND item.item_id > ${after}
        AND item.metadata @> ${JSON.stringify(metadata)}::jsonb ${scoredIn === null ? sql`` : sql`AND ${isScored}`}
      ORDER BY item.item_id LIMIT ${limit}`);
    return rows.map(({ itemId }) => itemId);
  },
});
