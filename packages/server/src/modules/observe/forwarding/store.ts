import type { Forwarder } from "@treadle/contract";
import { and, asc, desc, eq, isNull, lte, or } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { forwarders } from "./schema.ts";

export type ForwarderRow = typeof forwarders.$inferSelect;
type Changes = Partial<Omit<ForwarderRow, "id" | "projectId" | "createdAt">>;

export const toForwarder = (row: ForwarderRow): Forwarder => ({
  forwarderId: row.id,
  name: row.name,
  url: row.url,
  headerNames: row.headerNames,
  filter: row.filter,
  includesContent: row.includesContent,
  isEnabled: row.isEnabled,
  sentSpans: row.sentSpans,
  refusedSpans: row.refusedSpans,
  lastSentAt: row.lastSentAt?.toISOString() ?? null,
  lastError: row.lastError,
  nextTryAt: row.nextTryAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Some forwarders of all projects. */
export const listSomeForwarders = (db: Postgres): Promise<ForwarderRow[]> =>
  db.select().from(forwarders).orderBy(desc(forwarders.createdAt)).limit(20);

export const createForwarderStore = (db: Postgres) => {
  const isOwn = (projectId: string, forwarderId: string) =>
    and(eq(forwarders.projectId, projectId), eq(forwarders.id, forwarderId));
  return {
    list: (projectId: string) =>
      db
        .select()
        .from(forwarders)
        .where(eq(forwarders.projectId, projectId))
        .orderBy(asc(forwarders.createdAt), asc(forwarders.id)),

    async find(projectId: string, forwarderId: string): Promise<ForwarderRow | undefined> {
      const [row] = await db.select().from(forwarders).where(isOwn(projectId, forwarderId));
      return row;
    },

    async create(row: ForwarderRow): Promise<void> {
      await db.insert(forwarders).values(row);
    },

    async update(projectId: string, forwarderId: string, changes: Changes): Promise<ForwarderRow | undefined> {
      const [row] = await db.update(forwarders).set(changes).where(isOwn(projectId, forwarderId)).returning();
      return row;
    },

    async delete(projectId: string, forwarderId: string): Promise<ForwarderRow | undefined> {
      const [row] = await db.delete(forwarders).where(isOwn(projectId, forwarderId)).returning();
      return row;
    },

    /** The enabled forwarders of a project that do not wait for another try. */
    listDue: (projectId: string, now: Date) =>
      db
        .select()
        .from(forwarders)
        .where(
          and(
            eq(forwarders.projectId, projectId),
            eq(forwarders.isEnabled, true),
            or(isNull(forwarders.nextTryAt), lte(forwarders.nextTryAt, now)),
          ),
        )
        .orderBy(asc(forwarders.id)),

    /** The projects with an enabled forwarder. */
    async listProjects(): Promise<string[]> {
      const rows = await db
        .selectDistinct({ projectId: forwarders.projectId })
        .from(forwarders)
        .where(eq(forwarders.isEnabled, true));
      return rows.map(({ projectId }) => projectId);
    },

    /** False when it was changed since it was read: what was read for the old settings is not counted for the new ones. */
    async note({ id, updatedAt }: ForwarderRow, changes: Changes): Promise<boolean> {
      const noted = await db
        .update(forwarders)
        .set(changes)
        .where(and(eq(forwarders.id, id), eq(forwarders.updatedAt, updatedAt)))
        .returning({ id: forwarders.id });
      return noted.length === 1;
    },
  };
};
