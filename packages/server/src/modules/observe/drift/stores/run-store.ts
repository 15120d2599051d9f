import type { DriftRun, InvestigationState } from "@treadle/contract";
import { and, desc, eq, getTableColumns, gte, inArray, lt, lte, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { driftInvestigations, driftRuns, driftWatches } from "./schema.ts";
import type { StoredResult } from "./stored-result.ts";
import type { Before } from "./watch-store.ts";

export type RunRow = typeof driftRuns.$inferSelect;
/** A run without its words, clusters and examples. */
export type RunHead = Omit<RunRow, "result"> & { readonly result: HeadResult | null };
export type HeadResult = Omit<StoredResult, "clusters" | "words" | "currentExamples" | "referenceExamples">;
export type InvestigationRow = typeof driftInvestigations.$inferSelect;

export const createRunStore = (db: Postgres) => ({
  ...createRunReads(db),
  ...createRunWrites(db),
  ...createInvestigationReads(db),
  ...createInvestigationWrites(db),
});
export type RunStore = ReturnType<typeof createRunStore>;

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

  /** The newest run of each watch. */
  listLast(projectId: string, watchIds: readonly string[]): Promise<RunHead[]> {
    if (watchIds.length === 0) return Promise.resolve([]);
    return db
      .selectDistinctOn([driftRuns.watchId], withHead)
      .from(driftRuns)
      .where(and(eq(driftRuns.projectId, projectId), inArray(driftRuns.watchId, [...watchIds])))
      .orderBy(driftRuns.watchId, desc(driftRuns.day));
  },

  /** The finished runs of an endpoint's watches within days, newest first. Without an endpoint, of all watches. */
  listRecent(
    projectId: string,
    { endpoint, from, to }: { endpoint: string | null; from: string; to: string },
  ): Promise<
    (Pick<RunRow, "day" | "verdict"> & {
      result: DriftRun | null;
      watchId: string;
      name: string;
      side: string;
      endpoint: string;
    })[]
  > {
    const ofEndpoint = endpoint === null ? undefined : inArray(driftWatches.endpoint, [endpoint, ""]);
    return db
      .select({
        watchId: driftRuns.watchId,
        day: driftRuns.day,
        verdict: driftRuns.verdict,
        result: sql<DriftRun | null>`${withHead.result}`,
        name: driftWatches.name,
        side: driftWatches.side,
        endpoint: driftWatches.endpoint,
      })
      .from(driftRuns)
      .innerJoin(driftWatches, eq(driftRuns.watchId, driftWatches.id))
      .where(
        and(
          eq(driftRuns.projectId, projectId),
          ofEndpoint,
          gte(driftRuns.day, from),
          lte(driftRuns.day, to),
          inArray(driftRuns.verdict, ["changed", "confirmed"]),
        ),
      )
      .orderBy(desc(driftRuns.day))
      .limit(20);
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

const isInvestigation = (projectId: string, investigationId: string) =>
  and(eq(driftInvestigations.projectId, projectId), eq(driftInvestigations.id, investigationId));

type Listing = {
  readonly limit: number;
  readonly before: Before;
  readonly driftWatchId?: string | undefined;
  readonly state?: InvestigationState | undefined;
};

const createInvestigationReads = (db: Postgres) => ({
  /** Newest first. */
  listInvestigations(projectId: string, { limit, before, driftWatchId, state }: Listing): Promise<InvestigationRow[]> {
    const { createdAt, id, watchId } = driftInvestigations;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select()
      .from(driftInvestigations)
      .where(
        and(
          eq(driftInvestigations.projectId, projectId),
          driftWatchId === undefined ? undefined : eq(watchId, driftWatchId),
          state === undefined ? undefined : eq(driftInvestigations.state, state),
          isBefore,
        ),
      )
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async findInvestigation(projectId: string, investigationId: string): Promise<InvestigationRow | undefined> {
    const [row] = await db.select().from(driftInvestigations).where(isInvestigation(projectId, investigationId));
    return row;
  },

  /** The newest investigation of a watch, whatever its state. */
  async findNewest(projectId: string, watchId: string): Promise<InvestigationRow | undefined> {
    const [row] = await db
      .select()
      .from(driftInvestigations)
      .where(and(eq(driftInvestigations.projectId, projectId), eq(driftInvestigations.watchId, watchId)))
      .orderBy(desc(driftInvestigations.createdAt), desc(driftInvestigations.id))
      .limit(1);
    return row;
  },

  listOpen(projectId: string, watchIds: readonly string[]) {
    if (watchIds.length === 0) return Promise.resolve([]);
    return db
      .select({ id: driftInvestigations.id, watchId: driftInvestigations.watchId })
      .from(driftInvestigations)
      .where(
        and(
          eq(driftInvestigations.projectId, projectId),
          inArray(driftInvestigations.watchId, [...watchIds]),
          inArray(driftInvestigations.state, ["open", "explained"]),
        ),
      );
  },
});

const createInvestigationWrites = (db: Postgres) => ({
  async createInvestigation(row: InvestigationRow): Promise<void> {
    await db.insert(driftInvestigations).values(row);
  },

  async updateInvestigation(
    projectId: string,
    investigationId: string,
    changes: Partial<InvestigationRow>,
  ): Promise<InvestigationRow | undefined> {
    const [row] = await db
      .update(driftInvestigations)
      .set(changes)
      .where(isInvestigation(projectId, investigationId))
      .returning();
    return row;
  },
});
