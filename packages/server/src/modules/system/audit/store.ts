import type { AuditEntry } from "@treadle/contract";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { auditEntries } from "./schema.ts";

type Row = typeof auditEntries.$inferSelect;
/** The last row of a page: its time and its id. */
type After = readonly [createdAt: string, id: string];

const toEntry = ({ id, projectId: _, createdAt, ...row }: Row): AuditEntry => ({
  auditEntryId: id,
  ...row,
  createdAt: createdAt.toISOString(),
});

export const createAuditStore = (db: Postgres) => ({
  async save(row: Row): Promise<void> {
    await db.insert(auditEntries).values(row);
  },

  /** Who did an action to each of the targets. */
  listActors(projectId: string, action: string, targets: readonly string[]) {
    const { target, actor } = auditEntries;
    return db
      .select({ target, actor })
      .from(auditEntries)
      .where(
        and(eq(auditEntries.projectId, projectId), eq(auditEntries.action, action), inArray(target, [...targets])),
      );
  },

  async list(projectId: string, { limit, after }: { limit: number; after: After | null }): Promise<AuditEntry[]> {
    const { createdAt, id } = auditEntries;
    const isAfter = after ? sql`(${createdAt}, ${id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined;
    const rows = await db
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.projectId, projectId), isAfter))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
    return rows.map(toEntry);
  },
});
