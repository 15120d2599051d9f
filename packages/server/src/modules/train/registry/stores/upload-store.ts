import { and, asc, eq, lt } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryUploadParts, registryUploads } from "./schema.ts";

export type UploadRow = typeof registryUploads.$inferSelect;
export type PartRow = typeof registryUploadParts.$inferSelect;

/** Files that are being sent, in parts. */
export const createUploadStore = (db: Postgres) => ({
  async find(projectId: string, uploadId: string): Promise<UploadRow | undefined> {
    const [row] = await db
      .select()
      .from(registryUploads)
      .where(and(eq(registryUploads.projectId, projectId), eq(registryUploads.id, uploadId)));
    return row;
  },

  async create(row: UploadRow): Promise<void> {
    await db.insert(registryUploads).values(row);
  },

  listParts(uploadId: string): Promise<PartRow[]> {
    return db
      .select()
      .from(registryUploadParts)
      .where(eq(registryUploadParts.uploadId, uploadId))
      .orderBy(asc(registryUploadParts.file), asc(registryUploadParts.part));
  },

  /** A part that is sent again replaces the earlier one. */
  async savePart(row: PartRow): Promise<void> {
    const { sizeBytes, sha256 } = row;
    await db
      .insert(registryUploadParts)
      .values(row)
      .onConflictDoUpdate({
        target: [registryUploadParts.uploadId, registryUploadParts.file, registryUploadParts.part],
        set: { sizeBytes, sha256 },
      });
  },

  async delete(projectId: string, uploadId: string): Promise<void> {
    await db
      .delete(registryUploads)
      .where(and(eq(registryUploads.projectId, projectId), eq(registryUploads.id, uploadId)));
  },

  listExpired(now: Date): Promise<UploadRow[]> {
    return db.select().from(registryUploads).where(lt(registryUploads.expiresAt, now)).limit(100);
  },
});
