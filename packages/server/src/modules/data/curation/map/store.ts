import type { DatasetMap, DatasetMapHead } from "@treadle/contract";
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetMaps } from "../stores/schema.ts";

/** Older ones are forgotten. */
const MOST_MAPS = 10;

const { id, projectId, drawing, createdAt } = datasetMaps;
const head = {
  mapId: id,
  datasetId: datasetMaps.datasetId,
  version: datasetMaps.version,
  root: datasetMaps.root,
  of: datasetMaps.of,
  method: datasetMaps.method,
  rows: datasetMaps.rows,
  totalRows: datasetMaps.totalRows,
  createdAt,
};
const toHead = <Row extends { createdAt: Date }>({ createdAt: at, ...row }: Row) => ({
  ...row,
  createdAt: at.toISOString(),
});

export const createMapStore = (db: Postgres) => ({
  /** The newest first. */
  async list(ofProject: string, datasetId: string): Promise<DatasetMapHead[]> {
    const rows = await db
      .select(head)
      .from(datasetMaps)
      .where(and(eq(projectId, ofProject), eq(datasetMaps.datasetId, datasetId)))
      .orderBy(desc(createdAt), desc(id))
      .limit(MOST_MAPS);
    return rows.map(toHead);
  },
  async find(
    ofProject: string,
    { datasetId, mapId }: { datasetId: string; mapId: string },
  ): Promise<DatasetMap | undefined> {
    const [row] = await db
      .select({ ...head, drawing })
      .from(datasetMaps)
      .where(and(eq(projectId, ofProject), eq(datasetMaps.datasetId, datasetId), eq(id, mapId)));
    if (!row) return undefined;
    const { drawing: drawn, ...rest } = row;
    return { ...toHead(rest), ...drawn };
  },
  /** Stores a map, replaces an earlier map of the same job, and deletes the oldest. */
  async save(row: typeof datasetMaps.$inferInsert): Promise<void> {
    const { id: _, ...changes } = row;
    await db.insert(datasetMaps).values(row).onConflictDoUpdate({ target: id, set: changes });
    const old = db
      .select({ id })
      .from(datasetMaps)
      .where(and(eq(projectId, row.projectId), eq(datasetMaps.datasetId, row.datasetId)))
      .orderBy(desc(createdAt), desc(id))
      .offset(MOST_MAPS);
    await db.delete(datasetMaps).where(inArray(id, old));
  },
});
