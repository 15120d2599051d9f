import { and, asc, desc, eq, gte, inArray, lt, lte } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { liveAgreementDays as days, liveAgreementPairs as pairs } from "./schema.ts";

export type DayRow = typeof days.$inferSelect;
export type CountedPair = typeof pairs.$inferSelect;
/** One read gives so many of the newest pairs. More would hardly narrow an interval. */
export const MOST_NEWEST = 20_000;
const BATCH = 500;

/** The counted pairs of an agreement and its days. */
export const createDayStore = (db: Postgres) => ({ ...daysOf(db), ...pairReadsOf(db), ...pairWritesOf(db) });

const daysOf = (db: Postgres) => ({
  /** The days from a day on, oldest first. */
  listFrom: (agreementId: string, from: string): Promise<DayRow[]> =>
    db
      .select()
      .from(days)
      .where(and(eq(days.agreementId, agreementId), gte(days.day, from)))
      .orderBy(asc(days.day)),

  /** Newest first, those before a day. */
  list: (agreementId: string, { limit, before }: { limit: number; before: string | null }): Promise<DayRow[]> =>
    db
      .select()
      .from(days)
      .where(and(eq(days.agreementId, agreementId), before === null ? undefined : lt(days.day, before)))
      .orderBy(desc(days.day))
      .limit(limit),

  async add(row: DayRow): Promise<void> {
    await db.insert(days).values(row);
  },
});

const pairReadsOf = (db: Postgres) => ({
  /** The pairs that were counted from a day to another, both included. The newest day first, at most 20,000. */
  listNewest: (agreementId: string, from: string, to: string): Promise<CountedPair[]> =>
    db
      .select()
      .from(pairs)
      .where(and(eq(pairs.agreementId, agreementId), gte(pairs.day, from), lte(pairs.day, to)))
      .orderBy(desc(pairs.day), asc(pairs.traceId), asc(pairs.spanId))
      .limit(MOST_NEWEST),

  /** The pairs among these that were counted already, as `TRACE:SPAN`. */
  async listKnown(agreementId: string, traceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (let at = 0; at < traceIds.length; at += BATCH) {
      const rows = await db
        .select({ traceId: pairs.traceId, spanId: pairs.spanId })
        .from(pairs)
        .where(and(eq(pairs.agreementId, agreementId), inArray(pairs.traceId, traceIds.slice(at, at + BATCH))));
      for (const { traceId, spanId } of rows) known.add(`${traceId}:${spanId}`);
    }
    return known;
  },
});

const pairWritesOf = (db: Postgres) => ({
  async addPairs(rows: readonly CountedPair[]): Promise<void> {
    for (let at = 0; at < rows.length; at += BATCH) await db.insert(pairs).values(rows.slice(at, at + BATCH));
  },

  async deletePairsBefore(agreementId: string, day: string): Promise<void> {
    await db.delete(pairs).where(and(eq(pairs.agreementId, agreementId), lt(pairs.day, day)));
  },
});
