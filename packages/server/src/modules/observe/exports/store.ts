import type { ScheduledExport } from "@treadle/contract";
import { and, asc, eq, isNull, lte, or } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { scheduledExports } from "./schema.ts";

export type ExportRow = typeof scheduledExports.$inferSelect;
type Changes = Partial<Omit<ExportRow, "id" | "projectId" | "createdAt">>;

const UNREADABLE = "The time of the next period cannot be read. Delete this export and create it again.";

/** A row whose time was stored before times were bounded is shown, so that it can be deleted. It never runs. */
function readNext({ nextFrom, isEnabled, lastError }: ExportRow) {
  if (!Number.isNaN(nextFrom.getTime())) return { nextFrom: nextFrom.toISOString(), isEnabled, lastError };
  return { nextFrom: new Date(0).toISOString(), isEnabled: false, lastError: UNREADABLE };
}

export const toScheduledExport = (row: ExportRow): ScheduledExport => ({
  scheduledExportId: row.id,
  name: row.name,
  every: row.every,
  filter: row.filter,
  includesContent: row.includesContent,
  keepFiles: row.keepFiles,
  ...readNext(row),
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

  /** The enabled exports of a project that do not wait for another try. */
  listDue: (projectId: string, now: Date) =>
    db
      .select()
      .from(scheduledExports)
      .where(
        and(
          eq(scheduledExports.projectId, projectId),
          eq(scheduledExports.isEnabled, true),
          or(isNull(scheduledExports.nextTryAt), lte(scheduledExports.nextTryAt, now)),
        ),
      )
      .orderBy(asc(scheduledExports.id)),

  /** The projects with an enabled export. */
  async listProjects(): Promise<string[]> {
    const rows = await db
      .selectDistinct({ projectId: scheduledExports.projectId })
      .from(scheduledExports)
      .where(eq(scheduledExports.isEnabled, true));
    return rows.map(({ projectId }) => projectId);
  },
});
