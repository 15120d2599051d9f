import { and, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetChunks, datasetManifests } from "./schema.ts";

/** Finds objects that are no longer needed. */
export const createSweepStore = (db: Postgres) => ({
  /** Manifests without a reference that were not touched since. */
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

  listManifests: (projectId: string): Promise<{ sha: string; touchedAt: Date }[]> =>
    db
      .select({ sha: datasetManifests.sha, touchedAt: datasetManifests.touchedAt })
      .from(datasetManifests)
      .where(eq(datasetManifests.projectId, projectId)),

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

  /** Deletes a chunk unless it was touched since. Returns whether it did. */
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
