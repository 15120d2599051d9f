import { and, desc, eq, ilike, inArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { experiments } from "./schema.ts";

export type ExperimentRow = typeof experiments.$inferSelect;
type Changes = Partial<Omit<ExperimentRow, "id" | "projectId">>;
export type ExperimentFilter = {
  readonly search: string;
  readonly datasetId?: string | undefined;
  readonly suite?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: ExperimentRow["status"] | undefined;
};

/** Text that LIKE takes as it stands. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

const conditionsOf = (projectId: string, { search, datasetId, suite, tag, status }: ExperimentFilter) =>
  and(
    eq(experiments.projectId, projectId),
    search === ""
      ? undefined
      : or(ilike(experiments.name, `%${literally(search)}%`), ilike(experiments.description, `%${literally(search)}%`)),
    datasetId === undefined ? undefined : eq(experiments.datasetId, datasetId),
    suite === undefined ? undefined : eq(experiments.suite, suite),
    tag === undefined ? undefined : sql`${experiments.tags} @> ${JSON.stringify([tag])}::jsonb`,
    status === undefined ? undefined : eq(experiments.status, status),
  );

export const createExperimentStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<ExperimentRow | undefined> {
    const [row] = await db
      .select()
      .from(experiments)
      .where(and(eq(experiments.projectId, projectId), eq(experiments.id, id)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    filter: ExperimentFilter,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<ExperimentRow[]> =>
    db
      .select()
      .from(experiments)
      .where(
        and(
          conditionsOf(projectId, filter),
          after
            ? sql`(${experiments.createdAt}, ${experiments.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(experiments.createdAt), desc(experiments.id))
      .limit(limit),

  /** Experiments that are not recorded as ended. */
  listActive: (projectId: string): Promise<ExperimentRow[]> =>
    db
      .select()
      .from(experiments)
      .where(and(eq(experiments.projectId, projectId), inArray(experiments.status, ["queued", "running"]))),

  async namesOf(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .select({ id: experiments.id, name: experiments.name })
      .from(experiments)
      .where(and(eq(experiments.projectId, projectId), inArray(experiments.id, [...ids])));
    return new Map(rows.map(({ id, name }) => [id, name]));
  },

  async create(row: ExperimentRow): Promise<void> {
    await db.insert(experiments).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<void> {
    await db
      .update(experiments)
      .set(changes)
      .where(and(eq(experiments.projectId, projectId), eq(experiments.id, id)));
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(experiments).where(and(eq(experiments.projectId, projectId), eq(experiments.id, id)));
  },
});
