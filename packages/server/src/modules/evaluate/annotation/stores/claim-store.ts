import { asc, inArray, sql } from "drizzle-orm";
import { type Postgres, runPrepared } from "../../../../platform/postgres/port.ts";
import type { Place } from "./annotator-store.ts";
import { annotationItems, annotationWork } from "./schema.ts";
import { type Held, type HeldRow, toHeld, type WorkRow } from "./work-store.ts";

type Claim = {
  readonly projectId: string;
  readonly queueId: string;
  readonly annotator: string;
  readonly isGold: boolean;
  /** Whether to wait for locked items. Otherwise they are skipped. */
  readonly isPatient: boolean;
  /** Only items behind this place of the order; all when null. */
  readonly behind: Place | null;
  /** A lease for each item that is wanted. */
  readonly leases: readonly { readonly leaseId: string; readonly seed: number }[];
  readonly now: Date;
  readonly expiresAt: Date;
};

/** Gives items out and takes them back. */
export const createClaimStore = (db: Postgres) => ({
  /**
   * Assigns a person the first items that need answers and that this person has not had. One statement locks the items,
   * counts them as held and writes the leases. The person's position is then after the last item. Returns the leases
   * with their items, in the queue's order.
   */
  async claim({ leases, behind, now, expiresAt, ...of }: Claim): Promise<Held[]> {
    const lots = JSON.stringify(leases.map((lease, at) => ({ nth: at + 1, ...lease })));
    const isBehind = behind
      ? sql`AND (item.rank, item.place, item.id) > (${behind.rank}::integer, ${behind.place}::float8, ${behind.itemId}::text)`
      : sql``;
    const kind = `${behind ? "_behind" : ""}${of.isPatient ? "_patient" : ""}`;
    const { rows } = await runPrepared<HeldRow>(
      db,
      `annotation_claim${kind}`,
      sql`
      WITH pick AS (
        SELECT item.id FROM annotation_items AS item
        WHERE item.queue_id = ${of.queueId} AND item.is_gold = ${of.isGold} AND item.status = 'open'
          AND item.answered + item.held < item.overlap ${isBehind}
          AND coalesce((SELECT mine.state FROM annotation_work AS mine
            WHERE mine.item_id = item.id AND mine.annotator = ${of.annotator}), 'returned') = 'returned'
        ORDER BY item.rank, item.place, item.id LIMIT ${leases.length} FOR UPDATE OF item ${of.isPatient ? sql`` : sql`SKIP LOCKED`}),
      numbered AS (SELECT id, row_number() OVER () AS nth FROM pick),
      taken AS (
        UPDATE annotation_items AS item SET held = item.held + 1 FROM pick WHERE item.id = pick.id
        RETURNING item.id, item.rank, item.place, item.content, item.suggestion, item.source, item.comment_count),
      leased AS (
        INSERT INTO annotation_work (item_id, annotator, queue_id, project_id, lease_id, state, seed, expires_at, updated_at)
        SELECT numbered.id, ${of.annotator}, ${of.queueId}, ${of.projectId}, lot."leaseId", 'leased', lot.seed,
          ${expiresAt.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
        FROM numbered JOIN json_to_recordset(${lots}::json) AS lot(nth bigint, "leaseId" text, seed bigint) USING (nth)
        ON CONFLICT (item_id, annotator) DO UPDATE SET
          state = 'leased', lease_id = excluded.lease_id, expires_at = excluded.expires_at, updated_at = excluded.updated_at
        RETURNING item_id, lease_id, seed::float8 AS seed, expires_at, draft),
      moved AS (
        UPDATE annotation_annotators SET at_rank = last.rank, at_place = last.place, at_id = last.id,
          at_time = ${now.toISOString()}::timestamptz
        FROM (SELECT * FROM taken ORDER BY rank DESC, place DESC, id DESC LIMIT 1) AS last
        WHERE queue_id = ${of.queueId} AND annotator = ${of.annotator} AND NOT ${of.isGold}::boolean)
      SELECT leased.lease_id AS "leaseId", leased.seed, leased.expires_at AS "expiresAt", leased.draft, taken.id AS "itemId",
        taken.content, taken.suggestion, taken.source, taken.comment_count AS "commentCount"
      FROM leased JOIN taken ON taken.id = leased.item_id
      ORDER BY taken.rank, taken.place, taken.id`,
    );
    return rows.map(toHeld);
  },

  /** Gives held work back unanswered. The caller holds it. */
  async giveBack(work: readonly WorkRow[], now: Date): Promise<void> {
    if (work.length === 0) return;
    const counts = new Map<string, number>();
    for (const { itemId } of work) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
    const itemIds = [...counts.keys()].sort();
    await db
      .select({ id: annotationItems.id })
      .from(annotationItems)
      .where(inArray(annotationItems.id, itemIds))
      .orderBy(asc(annotationItems.id))
      .for("update");
    const less = JSON.stringify(itemIds.map((id) => ({ id, less: counts.get(id) })));
    await db.execute(sql`
      UPDATE annotation_items AS item SET held = item.held - back.less
      FROM json_to_recordset(${less}::json) AS back(id text, less integer) WHERE item.id = back.id`);
    await db
      .update(annotationWork)
      .set({ state: "returned", updatedAt: now })
      .where(
        inArray(
          annotationWork.leaseId,
          work.map(({ leaseId }) => leaseId),
        ),
      );
  },
});
