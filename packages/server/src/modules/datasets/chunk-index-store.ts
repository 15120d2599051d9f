import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { batchesOf } from "./id-batches.ts";
import { datasetChunks } from "./schema.ts";

/** Which chunks the index over rows holds. */
export const createChunkIndexStore = (db: Postgres) => ({
  /** Those of the objects that filters cannot find yet. */
  async listUnindexed(projectId: string, objects: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    const { object } = datasetChunks;
    for (const batch of batchesOf(objects)) {
      const isOne = and(
        eq(datasetChunks.projectId, projectId),
        inArray(object, batch),
        isNull(datasetChunks.indexedAt),
      );
      for (const row of await db.select({ object }).from(datasetChunks).where(isOne)) found.add(row.object);
    }
    return found;
  },

  /** Some objects of the project that are not indexed. */
  listLate: async (projectId: string, limit: number): Promise<string[]> =>
    (
      await db
        .select({ object: datasetChunks.object })
        .from(datasetChunks)
        .where(and(eq(datasetChunks.projectId, projectId), isNull(datasetChunks.indexedAt)))
        .limit(limit)
    ).map(({ object }) => object),

  async markIndexed(projectId: string, objects: readonly string[], indexedAt: Date): Promise<void> {
    for (const batch of batchesOf(objects))
      await db
        .update(datasetChunks)
        .set({ indexedAt })
        .where(and(eq(datasetChunks.projectId, projectId), inArray(datasetChunks.object, batch)));
  },
});
