import { and, eq, inArray, isNull, notInArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { batchesOf } from "./id-batches.ts";
import { datasetChunks } from "./schema.ts";

/** The chunks in the index over rows. */
export const createChunkIndexStore = (db: Postgres) => ({
  /** Objects that filters cannot find yet. */
  async listUnindexed(projectId: string, objects: readonly string[]): Promise<Set<string>> {
    const hashes = new Set<string>();
    const { object } = datasetChunks;
    for (const batch of batchesOf(objects)) {
      const isOne = and(
        eq(datasetChunks.projectId, projectId),
        inArray(object, batch),
        isNull(datasetChunks.indexedAt),
      );
      for (const row of await db.select({ object }).from(datasetChunks).where(isOne)) hashes.add(row.object);
    }
    return hashes;
  },

  /** Some objects of the project that are not indexed, without those in `except`. */
  listLate: async (
    projectId: string,
    { limit, except }: { limit: number; except: readonly string[] },
  ): Promise<string[]> =>
    (
      await db
        .select({ object: datasetChunks.object })
        .from(datasetChunks)
        .where(
          and(
            eq(datasetChunks.projectId, projectId),
            isNull(datasetChunks.indexedAt),
            notInArray(datasetChunks.object, [...except]),
          ),
        )
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
