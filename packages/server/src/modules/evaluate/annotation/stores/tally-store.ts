import type { AnnotationItemStatus } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** The number of a queue's items by status, and the numbers of wanted and given answers. */
export type Tally = {
  readonly queueId: string;
  readonly status: AnnotationItemStatus;
  readonly isGold: boolean;
  readonly items: number;
  readonly wanted: number;
  readonly given: number;
  readonly held: number;
};

export const createTallyStore = (db: Postgres) => ({
  async tally(queueIds: readonly string[]): Promise<Tally[]> {
    const { rows } = await db.execute<Tally>(sql`
      SELECT queue_id AS "queueId", status, is_gold AS "isGold", count(*)::int AS items,
        coalesce(sum(overlap::bigint), 0)::float8 AS wanted, coalesce(sum(least(answered, overlap)), 0)::int AS given,
        (count(*) FILTER (WHERE held > 0))::int AS held
      FROM annotation_items WHERE queue_id IN (SELECT json_array_elements_text(${JSON.stringify(queueIds)}::json))
      GROUP BY queue_id, status, is_gold`);
    return rows;
  },
});
