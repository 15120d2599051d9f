import type { ShadowState } from "@treadle/contract";
import { and, count, desc, eq, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { shadows } from "./schema.ts";

export type ShadowRow = typeof shadows.$inferSelect;
/** What changes while a shadow runs. */
export type ShadowUse = Pick<ShadowRow, "counts" | "costUsd" | "day">;
type Changes = Partial<Pick<ShadowRow, "state" | "reason" | "message" | "counts" | "updatedAt" | "endedAt">>;

type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
  readonly endpointId?: string | undefined;
  readonly state?: ShadowState | undefined;
};

const one = (projectId: string, id: string) => and(eq(shadows.projectId, projectId), eq(shadows.id, id));

export const createShadowStore = (db: Postgres) => ({ ...createReads(db), ...createWrites(db) });

const createReads = (db: Postgres) => ({
  /** Newest first. */
  list: (projectId: string, listing: Listing) => listShadows(db, projectId, listing),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(shadows).where(eq(shadows.projectId, projectId));
    return row?.count ?? 0;
  },

  async find(projectId: string, id: string): Promise<ShadowRow | undefined> {
    const [row] = await db.select().from(shadows).where(one(projectId, id));
    return row;
  },

  /** The shadow of an endpoint that has not ended. */
  async findOpen(projectId: string, endpointId: string): Promise<ShadowRow | undefined> {
    const open = and(eq(shadows.projectId, projectId), eq(shadows.endpointId, endpointId), ne(shadows.state, "ended"));
    const [row] = await db.select().from(shadows).where(open);
    return row;
  },

  /** The running shadows of all projects, at the start of the server. */
  listRunning: (): Promise<ShadowRow[]> => db.select().from(shadows).where(eq(shadows.state, "running")),
});

function listShadows(db: Postgres, projectId: string, listing: Listing): Promise<ShadowRow[]> {
  const { limit, before, endpointId, state } = listing;
  const wanted = [
    eq(shadows.projectId, projectId),
    ...(endpointId === undefined ? [] : [eq(shadows.endpointId, endpointId)]),
    ...(state === undefined ? [] : [eq(shadows.state, state)]),
    ...(before === null
      ? []
      : [sql`(${shadows.createdAt}, ${shadows.id}) < (${before[0]}::timestamptz, ${before[1]})`]),
  ];
  const newest = [desc(shadows.createdAt), desc(shadows.id)];
  return db
    .select()
    .from(shadows)
    .where(and(...wanted))
    .orderBy(...newest)
    .limit(limit);
}

const createWrites = (db: Postgres) => ({
  async create(row: ShadowRow): Promise<void> {
    await db.insert(shadows).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<ShadowRow | undefined> {
    const [row] = await db.update(shadows).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async saveUse(projectId: string, id: string, use: ShadowUse): Promise<void> {
    await db.update(shadows).set(use).where(one(projectId, id));
  },
});
