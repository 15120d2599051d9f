import { and, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { redTeamRuns } from "./schema.ts";

export type RedTeamRow = typeof redTeamRuns.$inferSelect;
type Changes = Partial<Omit<RedTeamRow, "id" | "projectId" | "createdAt">>;
type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
};

const isOne = (projectId: string, id: string) => and(eq(redTeamRuns.projectId, projectId), eq(redTeamRuns.id, id));

export const createRedTeamStore = (db: Postgres) => ({
  /** Newest first. */
  list(projectId: string, { limit, before }: Listing): Promise<RedTeamRow[]> {
    const isBefore =
      before && sql`(${redTeamRuns.createdAt}, ${redTeamRuns.id}) < (${before[0]}::timestamptz, ${before[1]})`;
    return db
      .select()
      .from(redTeamRuns)
      .where(and(eq(redTeamRuns.projectId, projectId), isBefore ?? undefined))
      .orderBy(desc(redTeamRuns.createdAt), desc(redTeamRuns.id))
      .limit(limit);
  },

  async find(projectId: string, id: string): Promise<RedTeamRow | undefined> {
    const [row] = await db.select().from(redTeamRuns).where(isOne(projectId, id));
    return row;
  },

  async create(row: RedTeamRow): Promise<void> {
    await db.insert(redTeamRuns).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<void> {
    await db.update(redTeamRuns).set(changes).where(isOne(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(redTeamRuns).where(isOne(projectId, id));
  },
});
