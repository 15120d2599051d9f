import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationItems } from "./schema.ts";
import type { ItemRow } from "./work-store.ts";

export type NewItem = Pick<
  ItemRow,
  "id" | "source" | "sourceKey" | "content" | "preview" | "metadata" | "suggestion" | "rank" | "place" | "reason"
> &
  Pick<ItemRow, "ruleId" | "inclusionProbability" | "overlap" | "isGold" | "gold" | "tolerance">;
type ItemChanges = Partial<
  Pick<
    ItemRow,
    "status" | "rank" | "overlap" | "answered" | "held" | "isGold" | "gold" | "tolerance" | "agreement" | "completedAt"
  > &
    Pick<ItemRow, "adjudicationVersion">
>;

const one = (projectId: string, id: string) =>
  and(eq(annotationItems.projectId, projectId), eq(annotationItems.id, id));

export const createItemStore = (db: Postgres) => ({
  /** How many were added; a source that the queue has already stays as it is. `items` is JSON of a list of new items. */
  async add(
    { projectId, queueId }: { projectId: string; queueId: string },
    items: string,
    createdAt: Date,
  ): Promise<number> {
    const { rows } = await db.execute<{ id: string }>(sql`
      INSERT INTO annotation_items (id, queue_id, project_id, source, source_key, content, preview, metadata, suggestion, status,
        rank, place, reason, rule_id, inclusion_probability, overlap, answered, held, is_gold, gold, tolerance, comment_count,
        adjudication_version, created_at)
      SELECT id, ${queueId}, ${projectId}, source, "sourceKey", content, preview, metadata, suggestion, 'open', rank, place,
        reason, "ruleId", "inclusionProbability", overlap, 0, 0, "isGold", gold, tolerance, 0, 0, ${createdAt.toISOString()}::timestamptz
      FROM json_to_recordset(${items}::json) AS item(
        id text, source jsonb, "sourceKey" text, content json, preview text, metadata jsonb, suggestion jsonb, rank integer,
        place double precision, reason text, "ruleId" text, "inclusionProbability" double precision, overlap integer,
        "isGold" boolean, gold jsonb, tolerance double precision)
      ON CONFLICT (queue_id, source_key) DO NOTHING
      RETURNING id`);
    return rows.length;
  },

  /** The sources that the queue already has. */
  async listPresent(queueId: string, sourceKeys: readonly string[]): Promise<ReadonlySet<string>> {
    if (sourceKeys.length === 0) return new Set();
    const { sourceKey } = annotationItems;
    const rows = await db
      .select({ sourceKey })
      .from(annotationItems)
      .where(and(eq(annotationItems.queueId, queueId), inArray(sourceKey, [...sourceKeys])));
    return new Set(rows.map((row) => row.sourceKey));
  },

  async find(projectId: string, id: string): Promise<ItemRow | undefined> {
    const [row] = await db.select().from(annotationItems).where(one(projectId, id));
    return row;
  },

  /** Locks the item until the transaction ends. */
  async hold(projectId: string, id: string): Promise<ItemRow | undefined> {
    const [row] = await db.select().from(annotationItems).where(one(projectId, id)).for("update");
    return row;
  },

  async update(projectId: string, id: string, changes: ItemChanges): Promise<void> {
    await db.update(annotationItems).set(changes).where(one(projectId, id));
  },

  async countComment(projectId: string, id: string): Promise<void> {
    await db
      .update(annotationItems)
      .set({ commentCount: sql`${annotationItems.commentCount} + 1` })
      .where(one(projectId, id));
  },
});
