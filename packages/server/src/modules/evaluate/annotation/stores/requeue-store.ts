import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { QueueRow } from "./queue-store.ts";

type Rules = Pick<QueueRow, "id" | "overlap" | "disputeBelow">;

/** Brings the items of a queue in line with rules that were changed. */
export const createRequeueStore = (db: Postgres) => ({
  /**
   * Items with enough answers become complete or disputed, and items that need answers become open. Items with an
   * individual overlap, settled or removed items, and test items are unchanged.
   */
  async settle({ id, overlap, disputeBelow }: Rules, before: Pick<Rules, "overlap">, now: Date): Promise<void> {
    await db.execute(sql`
      UPDATE annotation_items AS item SET overlap = ${overlap},
        status = CASE
          WHEN answered < ${overlap} THEN 'open'
          WHEN agreement < ${disputeBelow} OR (SELECT count(DISTINCT work.state) FROM annotation_work AS work
            WHERE work.item_id = item.id AND work.state IN ('submitted', 'discarded')) = 2 THEN 'disputed'
          ELSE 'complete' END,
        completed_at = CASE WHEN answered < ${overlap} THEN NULL
          ELSE coalesce(completed_at, ${now.toISOString()}::timestamptz) END
      WHERE queue_id = ${id} AND NOT is_gold AND overlap = ${before.overlap}
        AND status IN ('open', 'complete', 'disputed')`);
  },

  /** The order among items of the same priority. Later items continue it. */
  async reorder({ id, order }: Pick<QueueRow, "id" | "order">): Promise<void> {
    await db.execute(
      order === "random"
        ? sql`UPDATE annotation_items SET place = random() WHERE queue_id = ${id}`
        : sql`UPDATE annotation_items AS item SET place = added.nth
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM annotation_items WHERE queue_id = ${id}) AS added
            WHERE item.id = added.id`,
    );
  },
});
