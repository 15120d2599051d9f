import type { ScheduledExport } from "@treadle/contract";
import { and, asc, eq, isNull, lte, or } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { scheduledExports } from "./schema.ts";

export type ExportRow = typeof scheduledExports.$inferSelect;
type Changes = Partial<Omit<ExportRow, "id" | "projectId" | "createdAt">>;

export const toScheduledExport = (row: ExportRow): ScheduledExport => ({
  id: row.id,
  name: row.name,
  every: row.every,
  filter: row.filter,
  includesContent: row.includesContent,
  keepFiles: row.keepFiles,
  isEnabled: row.isEnabled,
  nextFrom: row.nextFrom.toISOString(),
  lastError: row.lastError,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const createExportsStore = (db: Postgres) => ({
  list: (projectId: string) =>
    db
      .select()
      .from(scheduledExports)
      .where(eq(scheduledExports.projectId, projectId))
      .orderBy(asc(scheduledExports.createdAt), asc(scheduledExports.id)),

  async find(projectId: string, exportId: string): Promise<ExportRow | undefined> {
    const [row] = await db
      .select()
      .from(scheduledExports)
      .where(and(eq(scheduledExports.projectId, projectId), eq(scheduledExports.id, exportId)));
    return row;
  },

  async create(row: ExportRow): Promise<void> {
    await db.insert(scheduledExports).values(row);
  },

  async update(projectId: string, exportId: string, changes: Changes): Promise<ExportRow | undefined> {
    const [row] = await db
      .update(scheduledExports)
      .set(changes)
      .where(and(eq(scheduledExports.projectId, projectId), eq(scheduledExports.id, exportId)))
      .returning();
    return row;
  },

  async delete(projectId: string, exportId: string): Promise<ExportRow | undefined> {
    const [row] = await db
      .delete(scheduledExports)
      .where(and(eq(scheduledExports.projectId, projectId), eq(scheduledExports.id, exportId)))
      .returning();
    return row;
  },

  /** Those of all projects whose turn it may be. */
  listEnabled: (now: Date) =>
    db
      .select()
      .from(scheduledExports)
      .where(
        and(
          eq(scheduledExports.isEnabled, true),
          or(isNull(scheduledExports.nextTryAt), lte(scheduledExports.nextTryAt, now)),
          or(isNull(scheduledExports.leasedUntil), lte(scheduledExports.leasedUntil, now)),
        ),
      )
      .orderBy(asc(scheduledExports.id)),

  /** Undefined when another process has it, or somebody changed or stopped it meanwhile. */
  async lease({ id, updatedAt }: ExportRow, { now, until }: { now: Date; until: Date }) {
    const [row] = await db
      .update(scheduledExports)
      .set({ leasedUntil: until })
      .where(
        and(
          eq(scheduledExports.id, id),
          eq(scheduledExports.isEnabled, true),
          eq(scheduledExports.updatedAt, updatedAt),
          or(isNull(scheduledExports.leasedUntil), lte(scheduledExports.leasedUntil, now)),
        ),
      )
      .returning();
    return row;
  },
});
