import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueFingerprints } from "./schema.ts";
import { chunksOf } from "./store-chunks.ts";

export type FingerprintRow = typeof issueFingerprints.$inferSelect;

/** Fingerprints of one kind that a new one is compared with, the most recent first. */
const MOST_CANDIDATES = 2_000;
const own = (projectId: string, fingerprints: readonly string[]) =>
  and(eq(issueFingerprints.projectId, projectId), inArray(issueFingerprints.fingerprint, [...fingerprints]));

export const createFingerprintStore = (db: Postgres) => ({
  ...createFindManyOfFingerprintStore(db),
  ...createAddOfFingerprintStore(db),
  ...createMoveOfFingerprintStore(db),
});

const createFindManyOfFingerprintStore = (db: Postgres) => ({
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
});

const createAddOfFingerprintStore = (db: Postgres) => ({
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
});

const createMoveOfFingerprintStore = (db: Postgres) => ({
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
});
