import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalBisects } from "./schema.ts";

export type BisectRow = typeof evalBisects.$inferSelect;

export const createBisectStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<BisectRow | undefined> {
    const [row] = await db
      .select()
      .from(evalBisects)
      .where(and(eq(evalBisects.projectId, projectId), eq(evalBisects.id, id)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    runId: string | undefined,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<BisectRow[]> =>
    db
      .select()
      .from(evalBisects)
      .where(
        and(
          eq(evalBisects.projectId, projectId),
          runId === undefined ? undefined : or(eq(evalBisects.goodRunId, runId), eq(evalBisects.badRunId, runId)),
          after
            ? sql`(${evalBisects.createdAt}, ${evalBisects.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(evalBisects.createdAt), desc(evalBisects.id))
      .limit(limit),

  listActive: (projectId: string): Promise<BisectRow[]> =>
    db
      .select()
      .from(evalBisects)
      .where(and(eq(evalBisects.projectId, projectId), inArray(evalBisects.status, ["queued", "running"]))),

  async create(row: BisectRow): Promise<void> {
    await db.insert(evalBisects).values(row);
  },

  async update(projectId: string, id: string, changes: Partial<Omit<BisectRow, "id" | "projectId">>): Promise<void> {
    await db
      .update(evalBisects)
      .set(changes)
      .where(and(eq(evalBisects.projectId, projectId), eq(evalBisects.id, id)));
  },
});
