import { gt, inArray, lt, lte, sql } from "drizzle-orm";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import { semanticCacheEntries as entries, semanticCacheUses as uses } from "./schema.ts";

const PLACE = sql<number>`row_number() OVER (PARTITION BY ${entries.endpointId} ORDER BY ${entries.createdAt} DESC)`;

/** Deletes what is no longer needed, in all projects. */
export const createSweepStore = (db: Postgres) => ({
  async deleteExpired(now: Date): Promise<void> {
    await db.delete(entries).where(lte(entries.expiresAt, now));
  },

  /** Deletes the oldest entries of each endpoint above a number. */
  async deleteBeyond(most: number): Promise<void> {
    const placed = db
      .select({ id: entries.id, place: PLACE.as("place") })
      .from(entries)
      .as("placed");
    const beyond = db.select({ id: placed.id }).from(placed).where(gt(placed.place, most));
    await db.delete(entries).where(inArray(entries.id, beyond));
  },

  async deleteUsesBefore(time: Date): Promise<void> {
    await db.delete(uses).where(lt(uses.createdAt, time));
  },
});
