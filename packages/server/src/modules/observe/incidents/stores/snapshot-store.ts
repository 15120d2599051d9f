import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { incidentSnapshots } from "./schema.ts";

export type SnapshotRow = typeof incidentSnapshots.$inferSelect;
export type SnapshotHeadRow = Omit<SnapshotRow, "evidence">;
type Page = { readonly limit: number; readonly after: readonly [at: string, id: string] | null };
type Place = { readonly incidentId: string; readonly snapshotId: string };

const headColumns = {
  id: incidentSnapshots.id,
  projectId: incidentSnapshots.projectId,
  incidentId: incidentSnapshots.incidentId,
  state: incidentSnapshots.state,
  error: incidentSnapshots.error,
  from: incidentSnapshots.from,
  to: incidentSnapshots.to,
  createdBy: incidentSnapshots.createdBy,
  createdAt: incidentSnapshots.createdAt,
  collectedAt: incidentSnapshots.collectedAt,
};

export const createSnapshotStore = (db: Postgres) => ({ ...createSnapshotLists(db), ...createSnapshotRows(db) });

const one = (projectId: string, { incidentId, snapshotId }: Place) =>
  and(
    eq(incidentSnapshots.projectId, projectId),
    eq(incidentSnapshots.incidentId, incidentId),
    eq(incidentSnapshots.id, snapshotId),
  );

const createSnapshotLists = (db: Postgres) => ({
  /** Newest first. */
  list(projectId: string, incidentId: string, { limit, after: before }: Page): Promise<SnapshotHeadRow[]> {
    const { createdAt, id } = incidentSnapshots;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select(headColumns)
      .from(incidentSnapshots)
      .where(and(eq(incidentSnapshots.projectId, projectId), eq(incidentSnapshots.incidentId, incidentId), isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  /** The newest of each incident. */
  async newestOf(projectId: string, incidentIds: readonly string[]): Promise<Map<string, SnapshotHeadRow>> {
    if (incidentIds.length === 0) return new Map();
    const rows = await db
      .selectDistinctOn([incidentSnapshots.incidentId], headColumns)
      .from(incidentSnapshots)
      .where(and(eq(incidentSnapshots.projectId, projectId), inArray(incidentSnapshots.incidentId, [...incidentIds])))
      .orderBy(incidentSnapshots.incidentId, desc(incidentSnapshots.createdAt), desc(incidentSnapshots.id));
    return new Map(rows.map((row) => [row.incidentId, row]));
  },
});

const createSnapshotRows = (db: Postgres) => ({
  async create(row: SnapshotRow): Promise<void> {
    await db.insert(incidentSnapshots).values(row);
  },

  async find(projectId: string, place: Place): Promise<SnapshotRow | undefined> {
    const [row] = await db.select().from(incidentSnapshots).where(one(projectId, place));
    return row;
  },

  /** Changes a snapshot that is not ready. False if it is, so that a ready one never changes. */
  async finish(
    projectId: string,
    place: Place,
    changes: Partial<Pick<SnapshotRow, "state" | "error" | "evidence" | "collectedAt">>,
  ): Promise<boolean> {
    const changed = await db
      .update(incidentSnapshots)
      .set(changes)
      .where(and(one(projectId, place), ne(incidentSnapshots.state, "ready")))
      .returning({ id: incidentSnapshots.id });
    return changed.length === 1;
  },
});
