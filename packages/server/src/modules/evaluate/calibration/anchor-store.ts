import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { anchorSets } from "./schema.ts";

export type AnchorRow = typeof anchorSets.$inferSelect;
type Changes = Partial<Pick<AnchorRow, "isEnabled" | "checkedSignature" | "checkedAt" | "jobId" | "lastError">>;

const one = (projectId: string, id: string) => and(eq(anchorSets.projectId, projectId), eq(anchorSets.id, id));

export const createAnchorStore = (db: Postgres) => ({
  list: (projectId: string, scorerId?: string): Promise<AnchorRow[]> =>
    db
      .select()
      .from(anchorSets)
      .where(
        and(
          eq(anchorSets.projectId, projectId),
          scorerId === undefined ? undefined : eq(anchorSets.scorerId, scorerId),
        ),
      )
      .orderBy(asc(anchorSets.name)),

  async find(projectId: string, id: string): Promise<AnchorRow | undefined> {
    const [row] = await db.select().from(anchorSets).where(one(projectId, id));
    return row;
  },

  /** False when there is one of that name. */
  async create(row: AnchorRow): Promise<boolean> {
    return (await db.insert(anchorSets).values(row).onConflictDoNothing().returning({ id: anchorSets.id })).length > 0;
  },

  async update(projectId: string, id: string, changes: Changes): Promise<AnchorRow | undefined> {
    const [row] = await db.update(anchorSets).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<boolean> {
    return (await db.delete(anchorSets).where(one(projectId, id)).returning({ id: anchorSets.id })).length > 0;
  },
});
