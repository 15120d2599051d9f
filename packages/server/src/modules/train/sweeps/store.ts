import { and, desc, eq, ilike, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { sweeps } from "./schema.ts";

export type SweepRow = typeof sweeps.$inferSelect;

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

export const createSweepStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<SweepRow | undefined> {
    const [row] = await db
      .select()
      .from(sweeps)
      .where(and(eq(sweeps.projectId, projectId), eq(sweeps.id, id)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    search: string,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<SweepRow[]> =>
    db
      .select()
      .from(sweeps)
      .where(
        and(
          eq(sweeps.projectId, projectId),
          search ? ilike(sweeps.name, `%${literally(search)}%`) : undefined,
          after ? sql`(${sweeps.createdAt}, ${sweeps.id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined,
        ),
      )
      .orderBy(desc(sweeps.createdAt), desc(sweeps.id))
      .limit(limit),

  listActive: (projectId: string): Promise<SweepRow[]> =>
    db
      .select()
      .from(sweeps)
      .where(and(eq(sweeps.projectId, projectId), inArray(sweeps.status, ["queued", "running"]))),

  async create(row: SweepRow): Promise<void> {
    await db.insert(sweeps).values(row);
  },

  async update(projectId: string, id: string, changes: Partial<Omit<SweepRow, "id" | "projectId">>): Promise<void> {
    await db
      .update(sweeps)
      .set(changes)
      .where(and(eq(sweeps.projectId, projectId), eq(sweeps.id, id)));
  },

  async remove(projectId: string, id: string): Promise<void> {
    await db.delete(sweeps).where(and(eq(sweeps.projectId, projectId), eq(sweeps.id, id)));
  },
});
