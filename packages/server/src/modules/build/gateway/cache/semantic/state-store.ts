import { and, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import { semanticCaches as caches } from "./schema.ts";

export type StateRow = typeof caches.$inferSelect;

const isOf = (projectId: string, endpointId: string) =>
  and(eq(caches.projectId, projectId), eq(caches.endpointId, endpointId));

export const createStateStore = (db: Postgres) => ({
  async find(projectId: string, endpointId: string): Promise<StateRow | undefined> {
    const [row] = await db.select().from(caches).where(isOf(projectId, endpointId));
    return row;
  },

  /** The same, locked until the transaction ends. */
  async lock(projectId: string, endpointId: string): Promise<StateRow | undefined> {
    const [row] = await db.select().from(caches).where(isOf(projectId, endpointId)).for("update");
    return row;
  },

  async save(row: StateRow): Promise<void> {
    await db.insert(caches).values(row).onConflictDoUpdate({ target: caches.endpointId, set: row });
  },

  /** Inserts a first state; an existing one stays. */
  async create(row: StateRow): Promise<void> {
    await db.insert(caches).values(row).onConflictDoNothing();
  },

  async addHit(projectId: string, endpointId: string): Promise<void> {
    const hits = sql`${caches.hits} + 1`;
    await db.update(caches).set({ hits }).where(isOf(projectId, endpointId));
  },
});
