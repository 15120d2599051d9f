import { and, asc, count, eq, ilike, or, type SQL, sql } from "drizzle-orm";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetBranches, datasetDraftSteps, datasets, datasetVersions } from "./schema.ts";

export type DatasetRow = typeof datasets.$inferSelect;
export type DatasetFacts = DatasetRow & {
  readonly head: number | null;
  readonly headRows: number | null;
  readonly draftRows: number | null;
  readonly branches: number;
  readonly versions: number;
  readonly applied: number;
};
type Query = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly search: string;
  readonly name?: string | undefined;
  readonly isEvaluation?: boolean | undefined;
};
type Changes = Partial<Pick<DatasetRow, "name" | "description" | "isEvaluation" | "schema">> & {
  readonly updatedAt: Date;
};

const main = sql`${datasetBranches.datasetId} = ${datasets.id} AND ${datasetBranches.name} = 'main'`;
const facts = {
  id: datasets.id,
  projectId: datasets.projectId,
  name: datasets.name,
  description: datasets.description,
  isEvaluation: datasets.isEvaluation,
  schema: datasets.schema,
  secret: datasets.secret,
  createdBy: datasets.createdBy,
  createdAt: datasets.createdAt,
  updatedAt: datasets.updatedAt,
  head: datasetBranches.head,
  applied: sql<number>`coalesce(${datasetBranches.applied}, 0)`,
  headRows: sql<
    number | null
  >`(SELECT v.rows::int FROM ${datasetVersions} v WHERE v.dataset_id = ${datasets.id} AND v.number = ${datasetBranches.head})`,
  draftRows: sql<
    number | null
  >`(SELECT s.rows::int FROM ${datasetDraftSteps} s WHERE s.dataset_id = ${datasets.id} AND s.branch = 'main' AND s.ordinal = ${datasetBranches.applied})`,
  branches: sql<number>`(SELECT count(*)::int FROM ${datasetBranches} b WHERE b.dataset_id = ${datasets.id})`,
  versions: sql<number>`(SELECT count(*)::int FROM ${datasetVersions} v WHERE v.dataset_id = ${datasets.id})`,
};

export const createDatasetStore = (db: Postgres) => {
  const one = (projectId: string, datasetId: string) =>
    and(eq(datasets.projectId, projectId), eq(datasets.id, datasetId));
  const read = (where: SQL | undefined) => db.select(facts).from(datasets).leftJoin(datasetBranches, main).where(where);

  return {
    async list(projectId: string, { limit, cursor, search, name, isEvaluation }: Query) {
      const after = cursor === undefined ? null : fromCursor(cursor, 2);
      const pattern = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
      const rows: DatasetFacts[] = await read(
        and(
          eq(datasets.projectId, projectId),
          search === "" ? undefined : or(ilike(datasets.name, pattern), ilike(datasets.description, pattern)),
          name === undefined ? undefined : eq(datasets.name, name),
          isEvaluation === undefined ? undefined : eq(datasets.isEvaluation, isEvaluation),
          after ? sql`(${datasets.name}, ${datasets.id}) > (${String(after[0])}, ${String(after[1])})` : undefined,
        ),
      )
        .orderBy(asc(datasets.name), asc(datasets.id))
        .limit(limit + 1);
      return toPage(rows, limit, (row) => [row.name, row.id]);
    },

    async find(projectId: string, datasetId: string): Promise<DatasetFacts | undefined> {
      const [row] = await read(one(projectId, datasetId));
      return row;
    },

    async count(projectId: string): Promise<number> {
      const [row] = await db.select({ count: count() }).from(datasets).where(eq(datasets.projectId, projectId));
      return row?.count ?? 0;
    },

    /** Whether any dataset of the project is marked as evaluation. */
    async hasEvaluation(projectId: string): Promise<boolean> {
      const marked = and(eq(datasets.projectId, projectId), eq(datasets.isEvaluation, true));
      return (await db.select({ id: datasets.id }).from(datasets).where(marked).limit(1)).length > 0;
    },

    /** False when the project has one of that name. */
    async create(row: DatasetRow): Promise<boolean> {
      const made = await db.insert(datasets).values(row).onConflictDoNothing().returning({ id: datasets.id });
      return made.length > 0;
    },

    async isNameTaken(projectId: string, name: string, except: string): Promise<boolean> {
      const [row] = await db
        .select({ id: datasets.id })
        .from(datasets)
        .where(and(eq(datasets.projectId, projectId), eq(datasets.name, name)));
      return row !== undefined && row.id !== except;
    },

    async update(projectId: string, datasetId: string, changes: Changes): Promise<void> {
      await db.update(datasets).set(changes).where(one(projectId, datasetId));
    },

    /** Waits for another transaction that assigns a version number. */
    async lock(projectId: string, datasetId: string): Promise<boolean> {
      const rows = await db.select({ id: datasets.id }).from(datasets).where(one(projectId, datasetId)).for("update");
      return rows.length > 0;
    },

    async delete(projectId: string, datasetId: string): Promise<string | undefined> {
      const [row] = await db.delete(datasets).where(one(projectId, datasetId)).returning({ name: datasets.name });
      return row?.name;
    },
  };
};
