import { and, asc, desc, eq, ilike, inArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalRuns, experiments } from "./schema.ts";

export type RunRow = typeof evalRuns.$inferSelect;
type Changes = Partial<Omit<RunRow, "id" | "projectId">>;
export type RunFilter = {
  readonly suite?: string | undefined;
  readonly branch?: string | undefined;
  readonly commit?: string | undefined;
  readonly datasetId?: string | undefined;
  readonly experimentId?: string | undefined;
  readonly ruleId?: string | undefined;
  readonly gate?: RunRow["gate"] | undefined;
  readonly status?: RunRow["status"] | undefined;
  readonly search: string;
};

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");
const one = (projectId: string, id: string) => and(eq(evalRuns.projectId, projectId), eq(evalRuns.id, id));

function conditionsOf(projectId: string, filter: RunFilter) {
  const { suite, branch, commit, datasetId, experimentId, ruleId, gate, status, search } = filter;
  const pattern = `%${literally(search)}%`;
  return and(
    eq(evalRuns.projectId, projectId),
    suite === undefined ? undefined : eq(evalRuns.suite, suite),
    branch === undefined ? undefined : eq(evalRuns.branch, branch),
    commit === undefined ? undefined : sql`${evalRuns.source} ->> 'commit' = ${commit}`,
    datasetId === undefined ? undefined : eq(evalRuns.datasetId, datasetId),
    experimentId === undefined ? undefined : eq(evalRuns.experimentId, experimentId),
    ruleId === undefined ? undefined : eq(evalRuns.ruleId, ruleId),
    gate === undefined || gate === null ? undefined : eq(evalRuns.gate, gate),
    status === undefined ? undefined : eq(evalRuns.status, status),
    search === ""
      ? undefined
      : or(
          ilike(evalRuns.name, pattern),
          sql`EXISTS (SELECT 1 FROM ${experiments} WHERE ${experiments.id} = ${evalRuns.experimentId} AND ${experiments.name} ILIKE ${pattern})`,
        ),
  );
}

export const createRunStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<RunRow | undefined> {
    const [row] = await db.select().from(evalRuns).where(one(projectId, id));
    return row;
  },

  listByIds: (projectId: string, ids: readonly string[]): Promise<RunRow[]> =>
    db
      .select()
      .from(evalRuns)
      .where(and(eq(evalRuns.projectId, projectId), inArray(evalRuns.id, [...ids]))),

  /** In the order of the variants. */
  listOf: (projectId: string, experimentIds: readonly string[]): Promise<RunRow[]> =>
    db
      .select()
      .from(evalRuns)
      .where(and(eq(evalRuns.projectId, projectId), inArray(evalRuns.experimentId, [...experimentIds])))
      .orderBy(asc(evalRuns.ordinal)),

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    filter: RunFilter,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<RunRow[]> =>
    db
      .select()
      .from(evalRuns)
      .where(
        and(
          conditionsOf(projectId, filter),
          after ? sql`(${evalRuns.createdAt}, ${evalRuns.id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined,
        ),
      )
      .orderBy(desc(evalRuns.createdAt), desc(evalRuns.id))
      .limit(limit),

  async create(rows: readonly RunRow[]): Promise<void> {
    await db.insert(evalRuns).values([...rows]);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<void> {
    await db.update(evalRuns).set(changes).where(one(projectId, id));
  },

  async updateOf(projectId: string, experimentId: string, changes: Changes): Promise<void> {
    await db
      .update(evalRuns)
      .set(changes)
      .where(and(eq(evalRuns.projectId, projectId), eq(evalRuns.experimentId, experimentId)));
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(evalRuns).where(one(projectId, id));
  },
});
