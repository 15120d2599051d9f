import type { PreferenceConflict } from "@treadle/contract";
import { and, asc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { preferencePairs } from "./schema.ts";

export type PairRow = typeof preferencePairs.$inferSelect;
const BATCH = 100;
const { projectId, queueId, id, pairKey, promptKey, collectedAt } = preferencePairs;

/** The columns of a row that a later collection can update. */
const renewed = Object.fromEntries(
  Object.entries(preferencePairs)
    .filter(([name]) => !["id", "projectId", "pairKey", "enableRLS"].includes(name))
    .flatMap(([name, column]) => ("name" in column ? [[name, sql.raw(`excluded."${column.name}"`)]] : [])),
);

export const createPairStore = (db: Postgres) => ({
  /** Inserts pairs, and updates pairs with the same key. Returns the number of new pairs. */
  async put(rows: readonly PairRow[]): Promise<number> {
    let added = 0;
    for (let at = 0; at < rows.length; at += BATCH) {
      const written = await db
        .insert(preferencePairs)
        .values(rows.slice(at, at + BATCH))
        .onConflictDoUpdate({ target: [projectId, pairKey], set: renewed })
        .returning({ isNew: sql<boolean>`xmax = 0` });
      added += written.filter(({ isNew }) => isNew).length;
    }
    return added;
  },

  /** Pairs that a full collection did not find again. */
  async deleteUnseen(project: string, queue: string | null, before: Date): Promise<void> {
    const isOfQueue = queue === null ? isNull(queueId) : eq(queueId, queue);
    await db.delete(preferencePairs).where(and(eq(projectId, project), isOfQueue, lt(collectedAt, before)));
  },

  /** All pairs of prompts, by id. */
  listOfPrompts: async (project: string, keys: readonly string[]): Promise<PairRow[]> => {
    const pairs: PairRow[] = [];
    for (let at = 0; at < keys.length; at += BATCH)
      pairs.push(
        ...(await db
          .select()
          .from(preferencePairs)
          .where(and(eq(projectId, project), inArray(promptKey, keys.slice(at, at + BATCH))))
          .orderBy(asc(id))),
      );
    return pairs;
  },

  async mark(ids: readonly string[], as: PreferenceConflict | null): Promise<void> {
    for (let at = 0; at < ids.length; at += BATCH)
      await db
        .update(preferencePairs)
        .set({ conflict: as })
        .where(inArray(id, ids.slice(at, at + BATCH)));
  },

  /** False if the id is unknown. */
  async delete(project: string, pairId: string): Promise<boolean> {
    const deleted = await db
      .delete(preferencePairs)
      .where(and(eq(projectId, project), eq(id, pairId)))
      .returning({ id });
    return deleted.length > 0;
  },
});
