import { and, asc, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { HOUR_MS } from "../../../kernel/day.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { issueFingerprints, issueHours, issueOccurrences, issueValues, type ValueKind } from "./schema.ts";

export type FingerprintRow = typeof issueFingerprints.$inferSelect;
export type OccurrenceRow = typeof issueOccurrences.$inferSelect;
export type ValueRow = typeof issueValues.$inferSelect;
type HourRow = typeof issueHours.$inferSelect;

/** Fingerprints of one kind that a new one is compared with, the most recent first. */
const MOST_CANDIDATES = 2_000;
const CHUNK = 500;

const chunksOf = <Row>(rows: readonly Row[]): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, at) => rows.slice(at * CHUNK, (at + 1) * CHUNK));

export const createFingerprintStore = (db: Postgres) => {
  const own = (projectId: string, fingerprints: readonly string[]) =>
    and(eq(issueFingerprints.projectId, projectId), inArray(issueFingerprints.fingerprint, [...fingerprints]));

  return {
    async findMany(projectId: string, fingerprints: readonly string[]): Promise<FingerprintRow[]> {
      return fingerprints.length === 0 ? [] : db.select().from(issueFingerprints).where(own(projectId, fingerprints));
    },

    /** Fingerprints that new ones with these keys can mean the same as. */
    async listCandidates(projectId: string, groupKeys: readonly string[]): Promise<FingerprintRow[]> {
      if (groupKeys.length === 0) return [];
      return db
        .select()
        .from(issueFingerprints)
        .where(and(eq(issueFingerprints.projectId, projectId), inArray(issueFingerprints.groupKey, [...groupKeys])))
        .orderBy(desc(issueFingerprints.lastSeenAt))
        .limit(MOST_CANDIDATES);
    },

    listOf: (projectId: string, issueId: string, limit: number): Promise<FingerprintRow[]> =>
      db
        .select()
        .from(issueFingerprints)
        .where(and(eq(issueFingerprints.projectId, projectId), eq(issueFingerprints.issueId, issueId)))
        .orderBy(desc(issueFingerprints.occurrences), asc(issueFingerprints.fingerprint))
        .limit(limit),

    /** Creates fingerprints, or adds the counts of those that exist. */
    async add(rows: readonly FingerprintRow[]): Promise<void> {
      for (const chunk of chunksOf(rows))
        await db
          .insert(issueFingerprints)
          .values(chunk)
          .onConflictDoUpdate({
            target: [issueFingerprints.projectId, issueFingerprints.fingerprint],
            set: {
              occurrences: sql`${issueFingerprints.occurrences} + excluded.occurrences`,
              firstSeenAt: sql`least(${issueFingerprints.firstSeenAt}, excluded.first_seen_at)`,
              lastSeenAt: sql`greatest(${issueFingerprints.lastSeenAt}, excluded.last_seen_at)`,
            },
          });
    },

    /** Moves fingerprints that are in one issue to another. Gives which moved. */
    async move(projectId: string, from: string, { to, only }: { to: string; only: readonly string[] | null }) {
      const rows = await db
        .update(issueFingerprints)
        .set({ issueId: to })
        .where(
          and(
            eq(issueFingerprints.projectId, projectId),
            eq(issueFingerprints.issueId, from),
            only === null ? undefined : inArray(issueFingerprints.fingerprint, [...only]),
          ),
        )
        .returning({ fingerprint: issueFingerprints.fingerprint });
      return rows.map(({ fingerprint }) => fingerprint);
    },
  };
};

/** What is counted for each fingerprint. */
export const createCountStore = (db: Postgres) => ({
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

  /** Occurrences per hour of some issues. */
  async listHours(projectId: string, issueIds: readonly string[], { from, to }: { from: Date; to: Date }) {
    if (issueIds.length === 0) return [];
    const rows = await db
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
    return rows;
  },

  async deleteHoursBefore(projectId: string, before: Date): Promise<void> {
    await db.delete(issueHours).where(and(eq(issueHours.projectId, projectId), lt(issueHours.hour, before)));
  },
});

/** The newest occurrences. */
export const createOccurrenceStore = (db: Postgres) => ({
  /** Stores occurrences, and gives those that were not stored yet. */
  async add(rows: readonly OccurrenceRow[]): Promise<ReadonlySet<string>> {
    const added = new Set<string>();
    for (const chunk of chunksOf(rows)) {
      const stored = await db
        .insert(issueOccurrences)
        .values(chunk)
        .onConflictDoNothing()
        .returning({ fingerprint: issueOccurrences.fingerprint, key: issueOccurrences.occurrenceKey });
      for (const { fingerprint, key } of stored) added.add(`${fingerprint} ${key}`);
    }
    return added;
  },

  /** Retains the newest of each fingerprint. */
  async prune(projectId: string, fingerprints: readonly string[], most: number): Promise<void> {
    if (fingerprints.length === 0) return;
    const ids = sql.join(
      fingerprints.map((id) => sql`${id}`),
      sql`, `,
    );
    await db.execute(sql`
      DELETE FROM issue_occurrences o USING (
        SELECT fingerprint, occurrence_key, row_number() OVER (PARTITION BY fingerprint ORDER BY at DESC, occurrence_key DESC) AS place
        FROM issue_occurrences WHERE project_id = ${projectId} AND fingerprint IN (${ids})
      ) ranked
      WHERE o.project_id = ${projectId} AND o.fingerprint = ranked.fingerprint AND o.occurrence_key = ranked.occurrence_key AND ranked.place > ${most}`);
  },

  list: (
    projectId: string,
    issueId: string,
    {
      limit,
      after,
      fingerprint,
    }: { limit: number; after: readonly [string, string] | null; fingerprint?: string | undefined },
  ): Promise<OccurrenceRow[]> =>
    db
      .select({
        projectId: issueOccurrences.projectId,
        fingerprint: issueOccurrences.fingerprint,
        occurrenceKey: issueOccurrences.occurrenceKey,
        traceId: issueOccurrences.traceId,
        spanId: issueOccurrences.spanId,
        at: issueOccurrences.at,
        release: issueOccurrences.release,
      })
      .from(issueOccurrences)
      .innerJoin(
        issueFingerprints,
        and(
          eq(issueFingerprints.projectId, issueOccurrences.projectId),
          eq(issueFingerprints.fingerprint, issueOccurrences.fingerprint),
        ),
      )
      .where(
        and(
          eq(issueOccurrences.projectId, projectId),
          eq(issueFingerprints.issueId, issueId),
          fingerprint === undefined ? undefined : eq(issueOccurrences.fingerprint, fingerprint),
          after
            ? sql`(${issueOccurrences.at}, ${issueOccurrences.occurrenceKey}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(issueOccurrences.at), desc(issueOccurrences.occurrenceKey))
      .limit(limit),
});

/** The start of an hour (UTC). */
export const hourOf = (at: Date) => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
