import { and, desc, eq, getTableColumns, gte, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createInvestigations } from "./investigation-store.ts";
import { driftRuns, driftWatches } from "./schema.ts";
import type { StoredResult } from "./stored-result.ts";

export type RunRow = typeof driftRuns.$inferSelect;
/** A run without its words, clusters and examples. */
export type RunHead = Omit<RunRow, "result"> & { readonly result: HeadResult | null };
export type HeadResult = Omit<StoredResult, "clusters" | "words" | "currentExamples" | "referenceExamples">;

export const createRunStore = (db: Postgres) => ({
  ...createRunReads(db),
  ...createLast(db),
  ...createRunWrites(db),
  ...createRecent(db),
  ...createInvestigations(db),
});

const { result: _result, ...columns } = getTableColumns(driftRuns);
const withHead = {
  ...columns,
  result: sql<HeadResult | null>`${driftRuns.result} - '{clusters,words,currentExamples,referenceExamples}'::text[]`,
};
const isOf = (projectId: string, watchId: string) =>
  and(eq(driftRuns.projectId, projectId), eq(driftRuns.watchId, watchId));

const createRunReads = (db: Postgres) => ({
  /** Newest day first. */
  listRuns(
    projectId: string,
    watchId: string,
    { limit, before }: { limit: number; before: string | null },
  ): Promise<RunHead[]> {
    const isBefore = before === null ? undefined : lt(driftRuns.day, before);
    return db
      .select(withHead)
      .from(driftRuns)
      .where(and(isOf(projectId, watchId), isBefore))
      .orderBy(desc(driftRuns.day))
      .limit(limit);
  },

  async findRun(projectId: string, watchId: string, day: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(driftRuns)
      .where(and(isOf(projectId, watchId), eq(driftRuns.day, day)));
    return row;
  },
});

const createLast = (db: Postgres) => ({
  /** The jobs of runs without a result. */
  async listUnfinished(projectId: string, watchId: string): Promise<string[]> {
    const rows = await db
      .select({ jobId: driftRuns.jobId })
      .from(driftRuns)
      .where(and(isOf(projectId, watchId), isNull(driftRuns.finishedAt)));
    return rows.map(({ jobId }) => jobId);
  },

  /** The newest run of each watch. */
  listLast(projectId: string, watchIds: readonly string[]): Promise<RunHead[]> {
    if (watchIds.length === 0) return Promise.resolve([]);
    return db
      .selectDistinctOn([driftRuns.watchId], withHead)
      .from(driftRuns)
      .where(and(eq(driftRuns.projectId, projectId), inArray(driftRuns.watchId, [...watchIds])))
      .orderBy(driftRuns.watchId, desc(driftRuns.day));
  },
});

type Recent = { readonly endpoint: string | null; readonly from: string; readonly to: string };
const MOST_RECENT = 20;

const createRecent = (db: Postgres) => ({
  /** The changed days of an endpoint's watches, newest first. Without an endpoint, of all watches. */
  listRecent(projectId: string, { endpoint, from, to }: Recent) {
    const { watchId, day, verdict } = driftRuns;
    const { name, side, endpoint: watched } = driftWatches;
    const summary = sql<readonly string[] | null>`${driftRuns.result} -> 'summary'`;
    const ofEndpoint = endpoint === null ? undefined : inArray(watched, [endpoint, ""]);
    const isChanged = inArray(verdict, ["changed", "confirmed"]);
    return db
      .select({ watchId, day, verdict, summary, name, side, endpoint: watched })
      .from(driftRuns)
      .innerJoin(driftWatches, eq(watchId, driftWatches.id))
      .where(and(eq(driftRuns.projectId, projectId), ofEndpoint, gte(day, from), lte(day, to), isChanged))
      .orderBy(desc(day))
      .limit(MOST_RECENT);
  },
});

const createRunWrites = (db: Postgres) => ({
  /** Begins the run of a day, again if it has one. */
  async beginRun(row: RunRow): Promise<void> {
    const { referenceVersion, jobId, createdAt } = row;
    const again = { referenceVersion, jobId, createdAt, verdict: null, result: null, finishedAt: null };
    await db
      .insert(driftRuns)
      .values(row)
      .onConflictDoUpdate({ target: [driftRuns.watchId, driftRuns.day], set: again });
  },

  async finishRun(
    projectId: string,
    { watchId, day }: Pick<RunRow, "watchId" | "day">,
    done: Pick<RunRow, "verdict" | "result" | "referenceVersion" | "finishedAt">,
  ): Promise<void> {
    await db
      .update(driftRuns)
      .set(done)
      .where(and(isOf(projectId, watchId), eq(driftRuns.day, day)));
  },
});
