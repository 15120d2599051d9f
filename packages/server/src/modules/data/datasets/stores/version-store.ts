import { and, desc, eq, lt, max } from "drizzle-orm";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetVersions } from "./schema.ts";

export type VersionRow = typeof datasetVersions.$inferSelect;
export type VersionSummaryRow = Omit<VersionRow, "stats" | "steps">;
/** A dataset of a project. */
export type Which = { readonly projectId: string; readonly datasetId: string };

/** All that lists show, without what may be large. */
const summary = {
  projectId: datasetVersions.projectId,
  datasetId: datasetVersions.datasetId,
  number: datasetVersions.number,
  root: datasetVersions.root,
  manifestSha: datasetVersions.manifestSha,
  rows: datasetVersions.rows,
  branch: datasetVersions.branch,
  parent: datasetVersions.parent,
  mergedFrom: datasetVersions.mergedFrom,
  message: datasetVersions.message,
  author: datasetVersions.author,
  createdAt: datasetVersions.createdAt,
};

export const createVersionStore = (db: Postgres) => {
  const of = ({ projectId, datasetId }: Which) =>
    and(eq(datasetVersions.projectId, projectId), eq(datasetVersions.datasetId, datasetId));

  return {
    async list(
      which: Which,
      { limit, cursor, branch }: { limit: number; cursor?: string | undefined; branch?: string | undefined },
    ) {
      const after = cursor === undefined ? null : Number(fromCursor(cursor, 1)[0]);
      const rows: VersionSummaryRow[] = await db
        .select(summary)
        .from(datasetVersions)
        .where(
          and(
            of(which),
            branch === undefined ? undefined : eq(datasetVersions.branch, branch),
            after === null ? undefined : lt(datasetVersions.number, after),
          ),
        )
        .orderBy(desc(datasetVersions.number))
        .limit(limit + 1);
      return toPage(rows, limit, (row) => [row.number]);
    },

    async find(which: Which, number: number): Promise<VersionRow | undefined> {
      const [row] = await db
        .select()
        .from(datasetVersions)
        .where(and(of(which), eq(datasetVersions.number, number)));
      return row;
    },

    /** The newest that has this root. */
    async findByRoot(which: Which, root: string): Promise<VersionRow | undefined> {
      const [row] = await db
        .select()
        .from(datasetVersions)
        .where(and(of(which), eq(datasetVersions.root, root)))
        .orderBy(desc(datasetVersions.number))
        .limit(1);
      return row;
    },

    async nextNumber(which: Which): Promise<number> {
      const [row] = await db
        .select({ most: max(datasetVersions.number) })
        .from(datasetVersions)
        .where(of(which));
      return (row?.most ?? 0) + 1;
    },

    async create(row: VersionRow): Promise<void> {
      await db.insert(datasetVersions).values(row);
    },
  };
};
