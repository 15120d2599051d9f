import type { RolloutState } from "@treadle/contract";
import { and, count, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { rollouts } from "./schema.ts";

export type RolloutRow = typeof rollouts.$inferSelect;
export type RolloutChanges = Partial<Omit<RolloutRow, "id" | "projectId" | "createdAt">>;
/** States in which a rollout has its endpoint. */
export const OPEN_STATES = ["running", "holding", "paused"] as const satisfies readonly RolloutState[];

type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
  readonly endpointId?: string | undefined;
  readonly state?: RolloutState | undefined;
};

const one = (projectId: string, id: string) => and(eq(rollouts.projectId, projectId), eq(rollouts.id, id));

export const createRolloutStore = (db: Postgres) => ({ ...createReads(db), ...createWrites(db) });
export type RolloutStore = ReturnType<typeof createRolloutStore>;

const createReads = (db: Postgres) => ({
  /** Newest first. */
  list: (projectId: string, listing: Listing) => listRollouts(db, projectId, listing),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(rollouts).where(eq(rollouts.projectId, projectId));
    return row?.count ?? 0;
  },

  async find(projectId: string, id: string): Promise<RolloutRow | undefined> {
    const [row] = await db.select().from(rollouts).where(one(projectId, id));
    return row;
  },

  /** The rollout, locked until the transaction ends. */
  async lock(projectId: string, id: string): Promise<RolloutRow | undefined> {
    const [row] = await db.select().from(rollouts).where(one(projectId, id)).for("update");
    return row;
  },

  listByIds: (projectId: string, ids: readonly string[]) => listByIds(db, projectId, ids),

  /** The rollouts that have an endpoint, oldest first. */
  listOpen: (projectId: string): Promise<RolloutRow[]> =>
    db
      .select()
      .from(rollouts)
      .where(and(eq(rollouts.projectId, projectId), inArray(rollouts.state, [...OPEN_STATES])))
      .orderBy(rollouts.createdAt, rollouts.id),
});

async function listByIds(db: Postgres, projectId: string, ids: readonly string[]): Promise<RolloutRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.projectId, projectId), inArray(rollouts.id, [...ids])));
}

function listRollouts(
  db: Postgres,
  projectId: string,
  { limit, before, endpointId, state }: Listing,
): Promise<RolloutRow[]> {
  const wanted = [
    eq(rollouts.projectId, projectId),
    ...(endpointId === undefined ? [] : [eq(rollouts.endpointId, endpointId)]),
    ...(state === undefined ? [] : [eq(rollouts.state, state)]),
    ...(before === null
      ? []
      : [sql`(${rollouts.createdAt}, ${rollouts.id}) < (${before[0]}::timestamptz, ${before[1]})`]),
  ];
  return db
    .select()
    .from(rollouts)
    .where(and(...wanted))
    .orderBy(desc(rollouts.createdAt), desc(rollouts.id))
    .limit(limit);
}

const createWrites = (db: Postgres) => ({
  async create(row: RolloutRow): Promise<void> {
    await db.insert(rollouts).values(row);
  },

  async update(projectId: string, id: string, changes: RolloutChanges): Promise<RolloutRow | undefined> {
    const [row] = await db.update(rollouts).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  /** Changes a rollout that has had no transition since this revision; undefined otherwise. */
  async updateAt(row: RolloutRow, changes: RolloutChanges): Promise<RolloutRow | undefined> {
    const [updated] = await db
      .update(rollouts)
      .set(changes)
      .where(and(one(row.projectId, row.id), eq(rollouts.revision, row.revision)))
      .returning();
    return updated;
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(rollouts).where(one(projectId, id));
  },
});
