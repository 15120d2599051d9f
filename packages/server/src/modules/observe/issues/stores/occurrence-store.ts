import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueFingerprints, issueOccurrences } from "./schema.ts";
import { chunksOf } from "./store-chunks.ts";

type Wanted = {
  readonly limit: number;
  readonly after: readonly [string, string] | null;
  readonly fingerprint?: string | undefined;
};
export type OccurrenceRow = typeof issueOccurrences.$inferSelect;

/** The newest occurrences. */
export const createOccurrenceStore = (db: Postgres) => ({
  ...createAddOfOccurrenceStore(db),
  ...createPruneOfOccurrenceStore(db),
  ...createListOfOccurrenceStore(db),
});

const createAddOfOccurrenceStore = (db: Postgres) => ({
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
});

const createPruneOfOccurrenceStore = (db: Postgres) => ({
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
});

const createListOfOccurrenceStore = (db: Postgres) => ({
  list: (projectId: string, issueId: string, { limit, after, fingerprint }: Wanted): Promise<OccurrenceRow[]> =>
    db
      .select(getTableColumns(issueOccurrences))
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
