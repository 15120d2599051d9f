import { and, asc, count, desc, eq, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { retrievalResults, retrievalRuns } from "./schema.ts";

export type RunRow = typeof retrievalRuns.$inferSelect;
export type ResultRow = typeof retrievalResults.$inferSelect;
type Before = readonly [createdAt: string, id: string] | null;
type After = readonly [place: number, id: string] | null;

const isOne = (projectId: string, id: string) => and(eq(retrievalRuns.projectId, projectId), eq(retrievalRuns.id, id));

export const createRunStore = (db: Postgres) => ({
  ...createRunLists(db),
  ...createRunWrites(db),
  ...createResults(db),
  ...createMeasured(db),
});

const createRunLists = (db: Postgres) => ({
  /** Newest first. */
  list(setId: string, { limit, before }: { readonly limit: number; readonly before: Before }): Promise<RunRow[]> {
    const { createdAt, id } = retrievalRuns;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select()
      .from(retrievalRuns)
      .where(and(eq(retrievalRuns.setId, setId), isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  /** The jobs of runs that have not ended well. */
  listUnfinished: (setId: string): Promise<RunRow[]> =>
    db
      .select()
      .from(retrievalRuns)
      .where(and(eq(retrievalRuns.setId, setId), isNull(retrievalRuns.summary))),

  /** In the order of the request. */
  listGrid: (projectId: string, gridId: string): Promise<RunRow[]> =>
    db
      .select()
      .from(retrievalRuns)
      .where(and(eq(retrievalRuns.projectId, projectId), eq(retrievalRuns.gridId, gridId)))
      .orderBy(asc(retrievalRuns.id)),
});

const createRunWrites = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<RunRow | undefined> {
    const [row] = await db.select().from(retrievalRuns).where(isOne(projectId, id));
    return row;
  },

  async create(row: RunRow): Promise<void> {
    await db.insert(retrievalRuns).values(row);
  },

  async update(projectId: string, id: string, changes: Pick<RunRow, "summary">): Promise<void> {
    await db.update(retrievalRuns).set(changes).where(isOne(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<RunRow | undefined> {
    const [row] = await db.delete(retrievalRuns).where(isOne(projectId, id)).returning();
    return row;
  },
});

const createResults = (db: Postgres) => ({
  async saveResult(row: ResultRow): Promise<void> {
    await db.insert(retrievalResults).values(row).onConflictDoNothing();
  },

  /** In the order of the questions. */
  listResults(
    runId: string,
    { limit, after }: { readonly limit: number; readonly after: After },
  ): Promise<ResultRow[]> {
    const { place, questionId } = retrievalResults;
    const isAfter = after ? sql`(${place}, ${questionId}) > (${after[0]}::int, ${after[1]})` : undefined;
    return db
      .select()
      .from(retrievalResults)
      .where(and(eq(retrievalResults.runId, runId), isAfter))
      .orderBy(asc(place), asc(questionId))
      .limit(limit);
  },
});

const createMeasured = (db: Postgres) => ({
  async countResults(runId: string): Promise<number> {
    const [row] = await db.select({ rows: count() }).from(retrievalResults).where(eq(retrievalResults.runId, runId));
    return row?.rows ?? 0;
  },

  /** All results without their hits. */
  listMeasured: (runId: string): Promise<ResultRow[]> =>
    db
      .select({
        runId: retrievalResults.runId,
        questionId: retrievalResults.questionId,
        place: retrievalResults.place,
        judgementHash: retrievalResults.judgementHash,
        result: sql<ResultRow["result"]>`${retrievalResults.result} || '{"hits": []}'::jsonb`,
      })
      .from(retrievalResults)
      .where(eq(retrievalResults.runId, runId))
      .orderBy(asc(retrievalResults.place), asc(retrievalResults.questionId)),
});
