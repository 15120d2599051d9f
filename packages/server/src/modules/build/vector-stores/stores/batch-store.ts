import { and, eq, isNull } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { vectorStoreBatches } from "./schema.ts";

export type BatchRow = typeof vectorStoreBatches.$inferSelect;
type Place = { readonly baseId: string; readonly batchId: string };

const isOne = (projectId: string, { baseId, batchId }: Place) =>
  and(
    eq(vectorStoreBatches.projectId, projectId),
    eq(vectorStoreBatches.baseId, baseId),
    eq(vectorStoreBatches.id, batchId),
  );

export const createBatchStore = (db: Postgres) => ({
  async createBatch(row: BatchRow): Promise<void> {
    await db.insert(vectorStoreBatches).values(row);
  },

  async findBatch(projectId: string, place: Place): Promise<BatchRow | undefined> {
    const [row] = await db.select().from(vectorStoreBatches).where(isOne(projectId, place));
    return row;
  },

  /** A batch that was cancelled before keeps its time. */
  async cancelBatch(projectId: string, place: Place, cancelledAt: Date): Promise<void> {
    const isOpen = isNull(vectorStoreBatches.cancelledAt);
    await db
      .update(vectorStoreBatches)
      .set({ cancelledAt })
      .where(and(isOne(projectId, place), isOpen));
  },
});
