import type { ModelRetentionChoice } from "@treadle/contract";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryVersions } from "../stores/schema.ts";

/** A version with files that no alias, stage, request or adapter needs. */
export type UnusedVersion = {
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly retention: ModelRetentionChoice;
  /** 1 is the newest version of its model. */
  readonly place: number;
  /** When it was made, or an alias last came to it or left it. */
  readonly unusedSince: Date;
};
type Row = Omit<UnusedVersion, "unusedSince" | "sizeBytes" | "place"> & {
  readonly unusedSince: string;
  readonly sizeBytes: string;
  readonly place: string;
};

/** Finds files that are no longer needed. */
export const createRetentionStore = (db: Postgres) => ({
  /** All of a project, or one of them. */
  async listUnused(projectId: string, versionId: string | null = null): Promise<UnusedVersion[]> {
    const { rows } = await db.execute<Row>(sql`
      SELECT v.id AS "versionId", m.name, v.number, v.size_bytes AS "sizeBytes", v.sha256, m.retention, v.place,
          to_char(GREATEST(v.created_at, (
            SELECT max(moved_at) FROM registry_alias_moves a WHERE a.model_id = v.model_id AND v.number IN (a.from_number, a.to_number)
          )) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "unusedSince"
        FROM (SELECT *, row_number() OVER (PARTITION BY model_id ORDER BY number DESC) AS place
                FROM registry_versions WHERE project_id = ${projectId}) v
        JOIN registry_models m ON m.id = v.model_id
        WHERE v.files_removed_at IS NULL AND v.stage NOT IN ('staging', 'production')
          AND (${versionId}::text IS NULL OR v.id = ${versionId})
          AND NOT EXISTS (SELECT 1 FROM registry_aliases a WHERE a.version_id = v.id)
          AND NOT EXISTS (SELECT 1 FROM registry_stage_requests r WHERE r.version_id = v.id AND r.state = 'pending')
          AND NOT EXISTS (SELECT 1 FROM registry_versions o WHERE o.base_version_id = v.id AND o.files_removed_at IS NULL)
        ORDER BY m.name, v.number`);
    return rows.map((row) => ({
      ...row,
      sizeBytes: Number(row.sizeBytes),
      place: Number(row.place),
      unusedSince: new Date(row.unusedSince),
    }));
  },

  /** Held until the transaction ends: an alias that would come to it waits. */
  async hold(projectId: string, versionId: string): Promise<void> {
    await db
      .select({ id: registryVersions.id })
      .from(registryVersions)
      .where(and(eq(registryVersions.projectId, projectId), eq(registryVersions.id, versionId)))
      .for("update");
  },

  async noteRemoved(projectId: string, versionId: string, filesRemovedAt: Date): Promise<void> {
    await db
      .update(registryVersions)
      .set({ filesRemovedAt })
      .where(
        and(
          eq(registryVersions.projectId, projectId),
          eq(registryVersions.id, versionId),
          isNull(registryVersions.filesRemovedAt),
        ),
      );
  },
});
