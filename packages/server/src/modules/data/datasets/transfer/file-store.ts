import type { DatasetFile } from "@treadle/contract";
import { and, asc, count, eq, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetFileParts, datasetFiles } from "./schema.ts";

export type FileRecord = typeof datasetFiles.$inferSelect;
export type FilePart = typeof datasetFileParts.$inferSelect;

export const toDatasetFile = (row: FileRecord): DatasetFile => ({
  fileId: row.id,
  kind: row.kind,
  name: row.name,
  state: row.isReady ? "ready" : "uploading",
  format: row.format,
  isGzip: row.isGzip,
  sizeBytes: row.sizeBytes,
  rows: row.rows,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

export const createPartStore = (db: Postgres) => ({
  listParts(fileId: string): Promise<FilePart[]> {
    return db
      .select()
      .from(datasetFileParts)
      .where(eq(datasetFileParts.fileId, fileId))
      .orderBy(asc(datasetFileParts.part));
  },
  /** Gives the object that the part was before, if it was another. */
  async savePart(part: FilePart): Promise<string | null> {
    const [before] = await db
      .select()
      .from(datasetFileParts)
      .where(and(eq(datasetFileParts.fileId, part.fileId), eq(datasetFileParts.part, part.part)));
    await db
      .insert(datasetFileParts)
      .values(part)
      .onConflictDoUpdate({
        target: [datasetFileParts.fileId, datasetFileParts.part],
        set: { object: sql`excluded.object`, sizeBytes: sql`excluded.size_bytes` },
      });
    return before !== undefined && before.object !== part.object ? before.object : null;
  },
  /** Forgets the first parts, gives their objects, and counts the others from zero. */
  dropParts(fileId: string, parts: number): Promise<string[]> {
    return db.transaction(async (tx) => {
      const ofFile = eq(datasetFileParts.fileId, fileId);
      const deleted = await tx
        .delete(datasetFileParts)
        .where(and(ofFile, lt(datasetFileParts.part, parts)))
        .returning();
      const rest = await tx.select().from(datasetFileParts).where(ofFile).orderBy(asc(datasetFileParts.part));
      for (const { part } of rest)
        await tx
          .update(datasetFileParts)
          .set({ part: part - parts })
          .where(and(ofFile, eq(datasetFileParts.part, part)));
      return deleted.map(({ object }) => object);
    });
  },
});

export const createFileStore = (db: Postgres) => ({
  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ files: count() }).from(datasetFiles).where(eq(datasetFiles.projectId, projectId));
    return row?.files ?? 0;
  },
  async find(projectId: string, fileId: string): Promise<FileRecord | undefined> {
    const [row] = await db
      .select()
      .from(datasetFiles)
      .where(and(eq(datasetFiles.projectId, projectId), eq(datasetFiles.id, fileId)));
    return row;
  },
  async create(row: FileRecord): Promise<void> {
    await db.insert(datasetFiles).values(row);
  },
  async update(projectId: string, fileId: string, changes: Partial<FileRecord>): Promise<FileRecord | undefined> {
    const [row] = await db
      .update(datasetFiles)
      .set(changes)
      .where(and(eq(datasetFiles.projectId, projectId), eq(datasetFiles.id, fileId)))
      .returning();
    return row;
  },
  /** Forgets a file, and gives the objects that nothing holds any more. */
  async delete(fileId: string): Promise<string[]> {
    await db.delete(datasetFiles).where(eq(datasetFiles.id, fileId));
    const parts = await db.delete(datasetFileParts).where(eq(datasetFileParts.fileId, fileId)).returning();
    return parts.map(({ object }) => object);
  },
  async listExpired(now: Date, limit: number): Promise<string[]> {
    const rows = await db
      .select({ id: datasetFiles.id })
      .from(datasetFiles)
      .where(lt(datasetFiles.expiresAt, now))
      .limit(limit);
    return rows.map(({ id }) => id);
  },
  /** Retains a file until this time, or longer. */
  async extend(fileId: string, until: Date): Promise<void> {
    await db
      .update(datasetFiles)
      .set({ expiresAt: sql`greatest(${datasetFiles.expiresAt}, ${until.toISOString()}::timestamptz)` })
      .where(eq(datasetFiles.id, fileId));
  },
});
