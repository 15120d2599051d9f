import type { DatasetImport } from "@treadle/contract";
import { and, desc, eq, sql } from "drizzle-orm";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetImports } from "./schema.ts";

export type ImportRecord = typeof datasetImports.$inferSelect;

export const toDatasetImport = (row: ImportRecord): DatasetImport => ({
  importId: row.id,
  jobId: row.jobId,
  datasetId: row.datasetId,
  branch: row.branch,
  file: { fileId: row.fileId, name: row.fileName, sizeBytes: row.fileBytes },
  mode: row.mode,
  state: row.state,
  rowsRead: row.rowsRead,
  rowsAdded: row.rowsAdded,
  // A row is added, has an error, or took the place of an item.
  rowsReplaced: row.state === "done" ? row.rowsRead - row.errorCount - row.rowsAdded : 0,
  errorCount: row.errorCount,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

export const createImportStore = (db: Postgres) => ({
  async find(projectId: string, importId: string): Promise<ImportRecord | undefined> {
    const [row] = await db
      .select()
      .from(datasetImports)
      .where(and(eq(datasetImports.projectId, projectId), eq(datasetImports.id, importId)));
    return row;
  },
  async list(projectId: string, datasetId: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const after = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await db
      .select()
      .from(datasetImports)
      .where(
        and(
          eq(datasetImports.projectId, projectId),
          eq(datasetImports.datasetId, datasetId),
          after
            ? sql`(${datasetImports.createdAt}, ${datasetImports.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(datasetImports.createdAt), desc(datasetImports.id))
      .limit(limit + 1);
    const page = toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { items: page.items.map(toDatasetImport), nextCursor: page.nextCursor };
  },
  async create(row: ImportRecord): Promise<void> {
    await db.insert(datasetImports).values(row);
  },
  async update(projectId: string, importId: string, changes: Partial<ImportRecord>): Promise<void> {
    await db
      .update(datasetImports)
      .set(changes)
      .where(and(eq(datasetImports.projectId, projectId), eq(datasetImports.id, importId)));
  },
});
