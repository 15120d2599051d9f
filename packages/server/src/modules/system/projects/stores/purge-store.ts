import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** Every place in PostgreSQL that names an object by its SHA-256, with the project that it belongs to. */
const REFERENCES = sql`
  SELECT project_id, sha256 FROM export_files
  UNION ALL SELECT project_id, object FROM dataset_chunks
  UNION ALL SELECT project_id, sha FROM dataset_manifests
  UNION ALL SELECT f.project_id, p.object FROM dataset_file_parts p JOIN dataset_files f ON f.id = p.file_id
  UNION ALL SELECT v.project_id, f.sha256 FROM registry_files f JOIN registry_versions v ON v.id = f.version_id
  UNION ALL SELECT c.project_id, file.value ->> 'sha256' FROM registry_conversions c, jsonb_array_elements(c.files) file
  UNION ALL SELECT u.project_id, p.sha256 FROM registry_upload_parts p JOIN registry_uploads u ON u.id = p.upload_id
  UNION ALL SELECT project_id, object FROM training_files`;

const Hashes = z.array(z.object({ sha256: z.string() }));
const Tables = z.array(z.object({ name: z.string() }));

/** A project's data in PostgreSQL. */
export const createPurgeStore = (db: Postgres) => ({
  /** The objects that its rows name. */
  async listObjects(projectId: string): Promise<string[]> {
    const { rows } = await db.execute(
      sql`SELECT DISTINCT sha256 FROM (${REFERENCES}) AS reference (project_id, sha256) WHERE project_id = ${projectId} AND sha256 IS NOT NULL`,
    );
    return Hashes.parse(rows).map(({ sha256 }) => sha256);
  },

  async isObjectElsewhere(projectId: string, sha256: string): Promise<boolean> {
    const { rows } = await db.execute(
      sql`SELECT 1 FROM (${REFERENCES}) AS reference (project_id, sha256) WHERE sha256 = ${sha256} AND project_id <> ${projectId} LIMIT 1`,
    );
    return rows.length > 0;
  },

  /** The project and all its rows, in every table that has a project. */
  async delete(projectId: string): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.execute(
        sql`DELETE FROM dataset_file_parts WHERE file_id IN (SELECT id FROM dataset_files WHERE project_id = ${projectId})`,
      );
      const { rows } = await tx.execute(sql`
        SELECT column_row.table_name AS name FROM information_schema.columns column_row
        JOIN information_schema.tables table_row USING (table_schema, table_name)
        WHERE column_row.table_schema = current_schema() AND column_row.column_name = 'project_id'
          AND table_row.table_type = 'BASE TABLE'`);
      // The rest of a project's rows goes with it, by foreign keys.
      await tx.execute(sql`DELETE FROM projects WHERE id = ${projectId}`);
      for (const { name } of Tables.parse(rows))
        await tx.execute(sql`DELETE FROM ${sql.identifier(name)} WHERE project_id = ${projectId}`);
    });
  },
});
