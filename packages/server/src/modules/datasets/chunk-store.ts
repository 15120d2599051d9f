import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { ChunkStats } from "./chunk-stats.ts";
import { datasetChunks, datasetManifests } from "./schema.ts";

export type ChunkRecord = {
  readonly object: string;
  readonly rows: number;
  readonly bytes: number;
  readonly stats: ChunkStats;
};

/** How many ids go into one statement. */
const BATCH = 1_000;
function* batchesOf<Value>(values: readonly Value[]) {
  for (let at = 0; at < values.length; at += BATCH) yield values.slice(at, at + BATCH);
}

/** What is known of the objects that hold rows and manifests. */
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
    const found = new Map<string, ChunkStats>();
    const { object, stats } = datasetChunks;
    for (const batch of batchesOf(objects)) {
      const isOne = and(eq(datasetChunks.projectId, projectId), inArray(object, batch));
      for (const row of await db.select({ object, stats }).from(datasetChunks).where(isOne))
        found.set(row.object, row.stats);
    }
    return found;
  },

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

  /** Manifests that nothing names and nobody has touched since. */
  async takeDeadManifests(before: Date): Promise<string[]> {
    const { rows } = await db.execute<{ sha: string }>(sql`
      DELETE FROM dataset_manifests m WHERE touched_at < ${before.toISOString()}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM dataset_versions v WHERE v.project_id = m.project_id AND v.manifest_sha = m.sha)
        AND NOT EXISTS (SELECT 1 FROM dataset_draft_steps s WHERE s.project_id = m.project_id AND s.manifest_sha = m.sha)
      RETURNING sha`);
    return rows.map(({ sha }) => sha);
  },

  async isManifestKnown(sha: string): Promise<boolean> {
    const rows = await db
      .select({ sha: datasetManifests.sha })
      .from(datasetManifests)
      .where(eq(datasetManifests.sha, sha))
      .limit(1);
    return rows.length > 0;
  },

  listProjects: async (): Promise<string[]> =>
    (await db.selectDistinct({ projectId: datasetChunks.projectId }).from(datasetChunks)).map(
      ({ projectId }) => projectId,
    ),

  listManifests: async (projectId: string): Promise<string[]> =>
    (
      await db
        .select({ sha: datasetManifests.sha })
        .from(datasetManifests)
        .where(eq(datasetManifests.projectId, projectId))
    ).map(({ sha }) => sha),

  listOldChunks: async (projectId: string, before: Date): Promise<string[]> =>
    (
      await db
        .select({ object: datasetChunks.object })
        .from(datasetChunks)
        .where(
          and(
            eq(datasetChunks.projectId, projectId),
            sql`${datasetChunks.touchedAt} < ${before.toISOString()}::timestamptz`,
          ),
        )
    ).map(({ object }) => object),

  /** Forgets a chunk, unless somebody has touched it since; says whether it did. */
  async takeChunk(projectId: string, object: string, before: Date): Promise<boolean> {
    const rows = await db
      .delete(datasetChunks)
      .where(
        and(
          eq(datasetChunks.projectId, projectId),
          eq(datasetChunks.object, object),
          sql`${datasetChunks.touchedAt} < ${before.toISOString()}::timestamptz`,
        ),
      )
      .returning({ object: datasetChunks.object });
    return rows.length > 0;
  },

  async isChunkKnown(object: string): Promise<boolean> {
    const rows = await db
      .select({ object: datasetChunks.object })
      .from(datasetChunks)
      .where(eq(datasetChunks.object, object))
      .limit(1);
    return rows.length > 0;
  },
});
