import { and, eq, gt, lte } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { guardMasks } from "./schema.ts";

type MaskRow = typeof guardMasks.$inferSelect;

export const createMaskStore = (db: Postgres) => ({
  /** The encrypted masks of a session, unless they have expired. */
  async find(projectId: string, sessionHash: string, now: Date): Promise<string | undefined> {
    const own = and(eq(guardMasks.projectId, projectId), eq(guardMasks.sessionHash, sessionHash));
    const [row] = await db
      .select({ sealed: guardMasks.sealed })
      .from(guardMasks)
      .where(and(own, gt(guardMasks.expiresAt, now)));
    return row?.sealed;
  },

  async save(row: MaskRow): Promise<void> {
    const { sealed, expiresAt } = row;
    await db
      .insert(guardMasks)
      .values(row)
      .onConflictDoUpdate({ target: [guardMasks.projectId, guardMasks.sessionHash], set: { sealed, expiresAt } });
  },

  async deleteExpired(now: Date): Promise<void> {
    await db.delete(guardMasks).where(lte(guardMasks.expiresAt, now));
  },
});
export type MaskStore = ReturnType<typeof createMaskStore>;
