import type { LeftOutReason } from "@treadle/contract";
import { and, count, eq, inArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { trainingLeftOutRows } from "./schema.ts";

type LeftOutRow = typeof trainingLeftOutRows.$inferSelect;
type Split = LeftOutRow["split"];

/** Rows that trainers did not keep. Each run is found within its project before its rows are read. */
export const createLeftOutStore = (db: Postgres) => ({
  async add(rows: readonly LeftOutRow[]): Promise<void> {
    if (rows.length > 0)
      await db
        .insert(trainingLeftOutRows)
        .values([...rows])
        .onConflictDoNothing();
  },

  /** Forgets the rows of one side, before a resumed run names them again. */
  async clear(runId: string, split: Split): Promise<void> {
    await db
      .delete(trainingLeftOutRows)
      .where(and(eq(trainingLeftOutRows.runId, runId), eq(trainingLeftOutRows.split, split)));
  },

  /** How many rows of each source were left out, on both sides together. */
  async countBySource(runId: string): Promise<ReadonlyMap<number, number>> {
    const rows = await db
      .select({ source: trainingLeftOutRows.source, rows: count() })
      .from(trainingLeftOutRows)
      .where(eq(trainingLeftOutRows.runId, runId))
      .groupBy(trainingLeftOutRows.source);
    return new Map(rows.map(({ source, rows: number }) => [source, number]));
  },

  /** Why some items of a source were left out, by id. Other items were used. */
  async reasonsOf(
    { runId, source }: Pick<LeftOutRow, "runId" | "source">,
    itemIds: readonly string[],
  ): Promise<ReadonlyMap<string, LeftOutReason>> {
    if (itemIds.length === 0) return new Map();
    const { itemId, reason } = trainingLeftOutRows;
    const rows = await db
      .select({ itemId, reason })
      .from(trainingLeftOutRows)
      .where(
        and(
          eq(trainingLeftOutRows.runId, runId),
          eq(trainingLeftOutRows.source, source),
          inArray(itemId, [...itemIds]),
        ),
      );
    return new Map(rows.map((row) => [row.itemId, row.reason]));
  },
});
