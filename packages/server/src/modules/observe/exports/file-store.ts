import type { ExportFile } from "@treadle/contract";
import { and, count, desc, eq, sql } from "drizzle-orm";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { exportFiles } from "./schema.ts";

export type FileRow = typeof exportFiles.$inferSelect;

const toFile = (row: FileRow): ExportFile => ({
  fileId: row.id,
  from: row.from.toISOString(),
  to: row.to.toISOString(),
  rows: row.rows,
  sizeBytes: row.sizeBytes,
  sha256: row.sha256,
  createdAt: row.createdAt.toISOString(),
});

export const createFileStore = (db: Postgres) => ({
  async listFiles(projectId: string, exportId: string, { limit, cursor }: { limit: number; cursor?: string }) {
    const after = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await db
      .select()
      .from(exportFiles)
      .where(
        and(
          eq(exportFiles.projectId, projectId),
          eq(exportFiles.scheduledExportId, exportId),
          after ? sql`(${exportFiles.from}, ${exportFiles.id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined,
        ),
      )
      .orderBy(desc(exportFiles.from), desc(exportFiles.id))
      .limit(limit + 1);
    const page = toPage(rows, limit, (row) => [row.from.toISOString(), row.id]);
    return { items: page.items.map(toFile), nextCursor: page.nextCursor };
  },

  async findFile(projectId: string, fileId: string): Promise<FileRow | undefined> {
    const [row] = await db
      .select()
      .from(exportFiles)
      .where(and(eq(exportFiles.projectId, projectId), eq(exportFiles.id, fileId)));
    return row;
  },

  async saveFiles(rows: readonly FileRow[]): Promise<void> {
    if (rows.length > 0) await db.insert(exportFiles).values([...rows]);
  },

  /** Forgets the oldest files beyond `keep`, and gives them back. */
  async deleteOldFiles(exportId: string, keep: number): Promise<FileRow[]> {
    const old = await db
      .select()
      .from(exportFiles)
      .where(eq(exportFiles.scheduledExportId, exportId))
      .orderBy(desc(exportFiles.from), desc(exportFiles.id))
      .offset(keep);
    for (const { id } of old) await db.delete(exportFiles).where(eq(exportFiles.id, id));
    return old;
  },

  listAllFiles: (exportId: string) => db.select().from(exportFiles).where(eq(exportFiles.scheduledExportId, exportId)),

  /** The same content can belong to several files. */
  async isContentUsed(sha256: string): Promise<boolean> {
    const [row] = await db.select({ files: count() }).from(exportFiles).where(eq(exportFiles.sha256, sha256));
    return (row?.files ?? 0) > 0;
  },
});
