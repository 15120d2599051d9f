import { and, eq, inArray, sql } from "drizzle-orm";
import { type Postgres, runPrepared } from "../../../../platform/postgres/port.ts";
import { annotationAnnotators } from "./schema.ts";

export type AnnotatorRow = typeof annotationAnnotators.$inferSelect;
type Person = Pick<
  AnnotatorRow,
  "queueId" | "annotator" | "submitted" | "skipped" | "discarded" | "flagged" | "recentMs"
>;
/** An annotator's position in the order of a queue. */
export type Place = { readonly rank: number; readonly place: number; readonly itemId: string };
type Arrival = {
  readonly queueId: string;
  readonly annotator: string;
  /** Leases to keep for longer. */
  readonly holding: readonly string[];
  readonly now: Date;
  readonly expiresAt: Date;
  /** Whether the same transaction writes data that must be on disk when it is acknowledged. */
  readonly isLasting: boolean;
};
/** A person who requests items: their finished work, their position, and their leases, in the queue's order. */
export type Arrived = Person & {
  readonly at: (Place & { readonly atMs: number }) | null;
  readonly held: readonly string[];
  /** Whether the queue has expired leases of any person. */
  readonly isAnyDue: boolean;
};

const one = (queueId: string, annotator: string) =>
  and(eq(annotationAnnotators.queueId, queueId), eq(annotationAnnotators.annotator, annotator));

/** The work of people in a queue. */
export const createAnnotatorStore = (db: Postgres) => ({
  /**
   * Locks a person in this queue until the transaction ends. If only leases are written, the commit does not wait for
   * the disk. A lease lost in a crash leaves the item free, and the next stored answer syncs it too. A lease that is
   * being answered is skipped, because its answer waits for the person.
   */
  async arrive({ queueId, annotator, holding, now, expiresAt, isLasting }: Arrival): Promise<Arrived | undefined> {
    const [time, until] = [now.toISOString(), expiresAt.toISOString()];
    const { rows } = await runPrepared<Arrived>(
      db,
      "annotation_arrive",
      sql`
      WITH me AS (
        INSERT INTO annotation_annotators AS person (queue_id, annotator, submitted, skipped, discarded, flagged, recent_ms)
        VALUES (${queueId}, ${annotator}, 0, 0, 0, 0, '{}')
        ON CONFLICT (queue_id, annotator) DO UPDATE SET submitted = person.submitted RETURNING *),
      kept AS (
        UPDATE annotation_work SET expires_at = ${until}::timestamptz
        WHERE lease_id IN (SELECT lease_id FROM annotation_work
          WHERE lease_id IN (SELECT json_array_elements_text(${JSON.stringify(holding)}::json)) AND annotator = ${annotator}
            AND queue_id = ${queueId} AND state = 'leased' FOR UPDATE SKIP LOCKED))
      SELECT queue_id AS "queueId", annotator, submitted, skipped, discarded, flagged, recent_ms AS "recentMs",
        CASE WHEN at_id IS NULL THEN NULL ELSE json_build_object('rank', at_rank, 'place', at_place, 'itemId', at_id,
          'atMs', (extract(epoch FROM at_time) * 1000)::float8) END AS at,
        (SELECT coalesce(json_agg(work.lease_id ORDER BY item.rank, item.place, item.id), '[]'::json)
          FROM annotation_work AS work JOIN annotation_items AS item ON item.id = work.item_id
          WHERE work.queue_id = ${queueId} AND work.annotator = ${annotator} AND work.state = 'leased'
            AND work.expires_at > ${time}::timestamptz) AS held,
        EXISTS (SELECT 1 FROM annotation_work WHERE queue_id = ${queueId} AND state = 'leased'
          AND expires_at < ${time}::timestamptz) AS "isAnyDue",
        CASE WHEN ${isLasting}::boolean THEN '' ELSE set_config('synchronous_commit', 'off', true) END AS commit
      FROM me`,
    );
    return rows[0];
  },

  async find(queueId: string, annotator: string): Promise<AnnotatorRow | undefined> {
    const [row] = await db.select().from(annotationAnnotators).where(one(queueId, annotator));
    return row;
  },

  list: (queueId: string): Promise<AnnotatorRow[]> =>
    db.select().from(annotationAnnotators).where(eq(annotationAnnotators.queueId, queueId)),

  /** How much one person has submitted, by queue. */
  async submittedBy(annotator: string, queueIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { queueId, submitted } = annotationAnnotators;
    const rows = await db
      .select({ queueId, submitted })
      .from(annotationAnnotators)
      .where(and(eq(annotationAnnotators.annotator, annotator), inArray(queueId, [...queueIds])));
    return new Map(rows.map((row) => [row.queueId, row.submitted]));
  },
});
