import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { calibrationPairs } from "./schema.ts";

export type PairRow = typeof calibrationPairs.$inferSelect;
/** A label and a score as numbers. */
export type PairValues = { readonly humanValue: number; readonly judgeValue: number };
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

  /** The values of both sides, where both are known. */
  listValues: async (calibrationId: string): Promise<PairValues[]> => {
    const { humanValue, judgeValue } = calibrationPairs;
    const rows = await db
      .select({ humanValue, judgeValue })
      .from(calibrationPairs)
      .where(and(eq(calibrationPairs.calibrationId, calibrationId), isNotNull(humanValue), isNotNull(judgeValue)));
    return rows.flatMap(({ humanValue: human, judgeValue: judge }) =>
      human === null || judge === null ? [] : [{ humanValue: human, judgeValue: judge }],
    );
  },

  /** The distance of each pair that could be compared. */
  async listDistances(calibrationId: string): Promise<number[]> {
    const { distance } = calibrationPairs;
    const rows = await db
      .select({ distance })
      .from(calibrationPairs)
      .where(and(eq(calibrationPairs.calibrationId, calibrationId), isNotNull(distance)));
    return rows.flatMap((row) => row.distance ?? []);
  },

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
