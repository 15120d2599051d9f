import { and, eq, inArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ChunkStats } from "./chunk-stats.ts";
import { batchesOf } from "./id-batches.ts";
import { datasetChunks, datasetManifests } from "./schema.ts";

export type ChunkRecord = {
  readonly object: string;
  readonly rows: number;
  readonly bytes: number;
  readonly stats: ChunkStats;
};

/** The records of objects with rows and manifests. */
export const createChunkStore = (db: Postgres) => ({
  /** Before the objects are stored: what is touched is not swept away. */
  async touchChunks(projectId: string, chunks: readonly ChunkRecord[], touchedAt: Date): Promise<void> {
    if (chunks.length === 0) return;
    await db
      .insert(datasetChunks)
      .values(chunks.map((chunk) => ({ projectId, ...chunk, indexedAt: null, touchedAt })))
      .onConflictDoUpdate({ target: [datasetChunks.projectId, datasetChunks.object], set: { touchedAt } });
  },

  async touchManifest(projectId: string, sha: string, touchedAt: Date): Promise<void> {
    await db
      .insert(datasetManifests)
      .values({ projectId, sha, touchedAt })
      .onConflictDoUpdate({ target: [datasetManifests.projectId, datasetManifests.sha], set: { touchedAt } });
  },

  /** By object. */
  async findStats(projectId: string, objects: readonly string[]): Promise<Map<string, ChunkStats>> {
    const statsByObject = new Map<string, ChunkStats>();
    const { object, stats } = datasetChunks;
    for (const batch of batchesOf(objects)) {
      const isOne = and(eq(datasetChunks.projectId, projectId), inArray(object, batch));
      for (const row of await db.select({ object, stats }).from(datasetChunks).where(isOne))
        statsByObject.set(row.object, row.stats);
    }
    return statsByObject;
  },
});
