import type { Item } from "@treadle/contract";
import { and, asc, eq, getTableColumns, gt, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalItemSets, evalItems, evalRuns } from "./schema.ts";
import { storableJson } from "./storable.ts";

export type EvalItem = typeof evalItems.$inferSelect;
export type PlacedItem = Pick<Item, "itemId" | "inputs" | "expected" | "metadata" | "split"> & {
  readonly position: number;
  readonly draw: number;
};

/** The expected answer is returned as its stored text. The driver would read a text such as "12" as a number. */
const columns = { ...getTableColumns(evalItems), expected: sql<string | null>`${evalItems.expected}::text` };
const toItem = ({ expected, ...row }: Omit<EvalItem, "expected"> & { readonly expected: string | null }): EvalItem => ({
  ...row,
  expected: expected === null ? null : JSON.parse(expected),
});

export const createItemStore = (db: Postgres) => ({
  async findSet(projectId: string, id: string): Promise<{ items: number | null } | undefined> {
    const [row] = await db
      .select({ items: evalItemSets.items })
      .from(evalItemSets)
      .where(and(eq(evalItemSets.projectId, projectId), eq(evalItemSets.id, id)));
    return row;
  },

  async createSet(row: typeof evalItemSets.$inferInsert): Promise<void> {
    await db.insert(evalItemSets).values(row).onConflictDoNothing();
  },

  async finishSet(projectId: string, id: string, items: number): Promise<void> {
    await db
      .update(evalItemSets)
      .set({ items })
      .where(and(eq(evalItemSets.projectId, projectId), eq(evalItemSets.id, id)));
  },

  /** Items that are there already stay as they are. */
  async add(itemSetId: string, items: readonly PlacedItem[]): Promise<void> {
    if (items.length === 0) return;
    await db.execute(sql`
      INSERT INTO eval_items (item_set_id, item_id, position, draw, inputs, expected, metadata, split)
      SELECT ${itemSetId}, "itemId", "position", draw, inputs, expected, metadata, split
      FROM json_to_recordset(${storableJson(items)}::json) AS item(
        "itemId" text, "position" integer, draw integer, inputs json, expected json, metadata jsonb, split text)
      ON CONFLICT DO NOTHING`);
  },

  /** In the order in which they were drawn, those after a place. */
  async listDrawn(itemSetId: string, { after, limit }: { after: number; limit: number }): Promise<EvalItem[]> {
    const rows = await db
      .select(columns)
      .from(evalItems)
      .where(and(eq(evalItems.itemSetId, itemSetId), gt(evalItems.draw, after)))
      .orderBy(asc(evalItems.draw))
      .limit(limit);
    return rows.map(toItem);
  },

  async listByIds(itemSetId: string, itemIds: readonly string[]): Promise<EvalItem[]> {
    const rows = await db
      .select(columns)
      .from(evalItems)
      .where(and(eq(evalItems.itemSetId, itemSetId), inArray(evalItems.itemId, [...itemIds])));
    return rows.map(toItem);
  },

  /** The metadata of each item, for slices. */
  listMetadata: (itemSetId: string): Promise<Pick<EvalItem, "itemId" | "metadata" | "split">[]> =>
    db
      .select({ itemId: evalItems.itemId, metadata: evalItems.metadata, split: evalItems.split })
      .from(evalItems)
      .where(eq(evalItems.itemSetId, itemSetId)),

  /** Sets that no run of the project uses any more, but those that may be being written. */
  async sweep(projectId: string, before: Date): Promise<void> {
    await db.execute(sql`
      DELETE FROM ${evalItemSets}
      WHERE ${evalItemSets.projectId} = ${projectId} AND ${evalItemSets.createdAt} < ${before.toISOString()}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM ${evalRuns} WHERE ${evalRuns.itemSetId} = ${evalItemSets.id})`);
  },
});
