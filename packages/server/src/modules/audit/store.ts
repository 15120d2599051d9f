import type { AuditEntry } from "@treadle/contract";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { auditEntries } from "./schema.ts";

type Row = typeof auditEntries.$inferSelect;
/** The last row of a page: its time and its id. */
type After = readonly [createdAt: string, id: string];

const toEntry = ({ projectId: _, createdAt, ...row }: Row): AuditEntry => ({
  ...row,
  createdAt: createdAt.toISOString(),
});

export const createAuditStore = (db: Postgres) => ({
  async save(row: Row): Promise<void> {
    await db.insert(auditEntries).values(row);
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
