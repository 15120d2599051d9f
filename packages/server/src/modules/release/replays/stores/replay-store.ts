import { and, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { replays } from "./schema.ts";

export type ReplayRow = typeof replays.$inferSelect;
export type ReplayChanges = Partial<Omit<ReplayRow, "id" | "projectId" | "createdAt">>;

type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
};

export const createReplayStore = (db: Postgres) => ({
  /** Newest first. */
  list(projectId: string, { limit, before }: Listing): Promise<ReplayRow[]> {
    const isBefore = before && sql`(${replays.createdAt}, ${replays.id}) < (${before[0]}::timestamptz, ${before[1]})`;
    return db
      .select()
      .from(replays)
      .where(and(eq(replays.projectId, projectId), isBefore ?? undefined))
      .orderBy(desc(replays.createdAt), desc(replays.id))
      .limit(limit);
  },

  async find(projectId: string, id: string): Promise<ReplayRow | undefined> {
    const [row] = await db.select().from(replays).where(isOne(projectId, id));
    return row;
  },

  async create(row: ReplayRow): Promise<void> {
    await db.insert(replays).values(row);
  },

  async update(projectId: string, id: string, changes: ReplayChanges): Promise<void> {
    await db.update(replays).set(changes).where(isOne(projectId, id));
  },
});

const isOne = (projectId: string, id: string) => and(eq(replays.projectId, projectId), eq(replays.id, id));
