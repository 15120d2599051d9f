import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { calibrationPairs } from "./schema.ts";

export type PairRow = typeof calibrationPairs.$inferSelect;
const BATCH = 500;

export const createPairStore = (db: Postgres) => ({
  /** Existing rows are unchanged. */
  async add(rows: readonly PairRow[]): Promise<void> {
    for (let at = 0; at < rows.length; at += BATCH)
      await db
        .insert(calibrationPairs)
        .values(rows.slice(at, at + BATCH))
        .onConflictDoNothing();
  },

  listAll: (calibrationId: string): Promise<PairRow[]> =>
    db
      .select()
      .from(calibrationPairs)
      .where(eq(calibrationPairs.calibrationId, calibrationId))
      .orderBy(asc(calibrationPairs.key)),

  /** Comparable pairs after a position, largest difference first. */
  list: (
    calibrationId: string,
    { limit, after }: { limit: number; after: readonly [distance: number, key: string] | null },
  ): Promise<PairRow[]> => {
    const { distance, key } = calibrationPairs;
    return db
      .select()
      .from(calibrationPairs)
      .where(
        and(
          eq(calibrationPairs.calibrationId, calibrationId),
          isNotNull(distance),
          after ? sql`(-${distance}, ${key}) > (${-after[0]}::float8, ${after[1]})` : undefined,
        ),
      )
      .orderBy(sql`-${distance}`, asc(key))
      .limit(limit);
  },
});
