import { and, asc, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { HOUR_MS } from "../../../../kernel/day.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueFingerprints, issueHours, issueValues, type ValueKind } from "./schema.ts";
import { chunksOf } from "./store-chunks.ts";

export type ValueRow = typeof issueValues.$inferSelect;
type HourRow = typeof issueHours.$inferSelect;

/** What is counted for each fingerprint. */
export const createCountStore = (db: Postgres) => ({
  ...createHourStore(db),
  ...createValueStore(db),
  ...createIssueCounts(db),
});

const createHourStore = (db: Postgres) => ({
  async addHours(rows: readonly HourRow[]): Promise<void> {
    for (const chunk of chunksOf(rows))
      await db
        .insert(issueHours)
        .values(chunk)
        .onConflictDoUpdate({
          target: [issueHours.projectId, issueHours.fingerprint, issueHours.hour],
          set: { occurrences: sql`${issueHours.occurrences} + excluded.occurrences` },
        });
  },

  async deleteHoursBefore(projectId: string, before: Date): Promise<void> {
    await db.delete(issueHours).where(and(eq(issueHours.projectId, projectId), lt(issueHours.hour, before)));
  },
});

const createValueStore = (db: Postgres) => ({
  async addValues(rows: readonly ValueRow[]): Promise<void> {
    for (const chunk of chunksOf(rows))
      await db
        .insert(issueValues)
        .values(chunk)
        .onConflictDoUpdate({
          target: [issueValues.projectId, issueValues.fingerprint, issueValues.kind, issueValues.value],
          set: {
            occurrences: sql`${issueValues.occurrences} + excluded.occurrences`,
            firstSeenAt: sql`least(${issueValues.firstSeenAt}, excluded.first_seen_at)`,
            lastSeenAt: sql`greatest(${issueValues.lastSeenAt}, excluded.last_seen_at)`,
          },
        });
  },

  /** How many values of each kind some fingerprints have, by `fingerprint kind`. */
  async countValues(projectId: string, fingerprints: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (fingerprints.length === 0) return new Map();
    const rows = await db
      .select({ fingerprint: issueValues.fingerprint, kind: issueValues.kind, values: sql<number>`count(*)::int` })
      .from(issueValues)
      .where(and(eq(issueValues.projectId, projectId), inArray(issueValues.fingerprint, [...fingerprints])))
      .groupBy(issueValues.fingerprint, issueValues.kind);
    return new Map(rows.map(({ fingerprint, kind, values }) => [`${fingerprint} ${kind}`, values]));
  },
});

const createIssueCounts = (db: Postgres) => ({
  ...createListValuesOfIssueCounts(db),
  ...createListHoursOfIssueCounts(db),
});

const createListValuesOfIssueCounts = (db: Postgres) => ({
  /** The values of an issue of these kinds, the most frequent first. */
  listValues: (projectId: string, issueId: string, { kinds, limit }: { kinds: readonly ValueKind[]; limit: number }) =>
    db
      .select({
        kind: issueValues.kind,
        value: issueValues.value,
        occurrences: sql<number>`sum(${issueValues.occurrences})::float8`,
        firstSeenAt: sql<string>`min(${issueValues.firstSeenAt})`,
        lastSeenAt: sql<string>`max(${issueValues.lastSeenAt})`,
      })
      .from(issueValues)
      .innerJoin(
        issueFingerprints,
        and(
          eq(issueFingerprints.projectId, issueValues.projectId),
          eq(issueFingerprints.fingerprint, issueValues.fingerprint),
        ),
      )
      .where(
        and(
          eq(issueValues.projectId, projectId),
          eq(issueFingerprints.issueId, issueId),
          inArray(issueValues.kind, [...kinds]),
        ),
      )
      .groupBy(issueValues.kind, issueValues.value)
      .orderBy(desc(sql`sum(${issueValues.occurrences})`), asc(issueValues.value))
      .limit(limit),
});

const createListHoursOfIssueCounts = (db: Postgres) => ({
  /** Occurrences per hour of some issues. */
  async listHours(projectId: string, issueIds: readonly string[], { from, to }: { from: Date; to: Date }) {
    if (issueIds.length === 0) return [];
    return db
      .select({
        issueId: issueFingerprints.issueId,
        hour: issueHours.hour,
        occurrences: sql<number>`sum(${issueHours.occurrences})::float8`,
      })
      .from(issueHours)
      .innerJoin(
        issueFingerprints,
        and(
          eq(issueFingerprints.projectId, issueHours.projectId),
          eq(issueFingerprints.fingerprint, issueHours.fingerprint),
        ),
      )
      .where(
        and(
          eq(issueHours.projectId, projectId),
          inArray(issueFingerprints.issueId, [...issueIds]),
          gte(issueHours.hour, from),
          lt(issueHours.hour, to),
        ),
      )
      .groupBy(issueFingerprints.issueId, issueHours.hour)
      .orderBy(asc(issueHours.hour));
  },
});

/** The start of an hour (UTC). */
export const hourOf = (at: Date) => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
