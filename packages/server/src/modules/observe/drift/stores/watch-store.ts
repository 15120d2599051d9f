import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { driftReferences, driftWatches } from "./schema.ts";

export type WatchRow = typeof driftWatches.$inferSelect;
export type ReferenceRow = typeof driftReferences.$inferSelect;
/** A reference without its texts. */
export type ReferenceHead = Omit<ReferenceRow, "items" | "model" | "vectors" | "vectorSize">;
export type Before = readonly [createdAt: string, id: string] | null;

const {
  items: _items,
  model: _model,
  vectors: _vectors,
  vectorSize: _size,
  ...head
} = getTableColumns(driftReferences);

export const createWatchStore = (db: Postgres) => ({
  ...createWatchReads(db),
  ...createEnabled(db),
  ...createWatchWrites(db),
  ...createReferenceReads(db),
  ...createReferenceWrites(db),
});

const isOne = (projectId: string, watchId: string) =>
  and(eq(driftWatches.projectId, projectId), eq(driftWatches.id, watchId));

const createWatchReads = (db: Postgres) => ({
  listWatches(projectId: string, { limit, before }: { limit: number; before: Before }): Promise<WatchRow[]> {
    const { createdAt, id } = driftWatches;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select()
      .from(driftWatches)
      .where(and(eq(driftWatches.projectId, projectId), isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async findWatch(projectId: string, watchId: string): Promise<WatchRow | undefined> {
    const [row] = await db.select().from(driftWatches).where(isOne(projectId, watchId));
    return row;
  },

  async countWatches(projectId: string): Promise<number> {
    return db.$count(driftWatches, eq(driftWatches.projectId, projectId));
  },
});

const createEnabled = (db: Postgres) => ({
  listEnabled: (projectId: string): Promise<WatchRow[]> =>
    db
      .select()
      .from(driftWatches)
      .where(and(eq(driftWatches.projectId, projectId), eq(driftWatches.isEnabled, true)))
      .orderBy(driftWatches.id),

  /** The projects with an enabled watch. */
  async listProjects(): Promise<string[]> {
    const rows = await db
      .selectDistinct({ projectId: driftWatches.projectId })
      .from(driftWatches)
      .where(eq(driftWatches.isEnabled, true));
    return rows.map(({ projectId }) => projectId);
  },
});

const createWatchWrites = (db: Postgres) => ({
  async createWatch(row: WatchRow): Promise<void> {
    await db.insert(driftWatches).values(row);
  },

  async updateWatch(projectId: string, watchId: string, changes: Partial<WatchRow>): Promise<WatchRow | undefined> {
    const [row] = await db.update(driftWatches).set(changes).where(isOne(projectId, watchId)).returning();
    return row;
  },

  async deleteWatch(projectId: string, watchId: string): Promise<WatchRow | undefined> {
    const [row] = await db.delete(driftWatches).where(isOne(projectId, watchId)).returning();
    return row;
  },
});

const createReferenceReads = (db: Postgres) => ({
  listReferences(
    projectId: string,
    watchId: string,
    { limit, below }: { limit: number; below: number | null },
  ): Promise<ReferenceHead[]> {
    const isBelow = below === null ? undefined : sql`${driftReferences.version} < ${below}`;
    return db
      .select(head)
      .from(driftReferences)
      .where(and(eq(driftReferences.projectId, projectId), eq(driftReferences.watchId, watchId), isBelow))
      .orderBy(desc(driftReferences.version))
      .limit(limit);
  },

  /** The newest version with its texts. */
  async findReference(projectId: string, watchId: string): Promise<ReferenceRow | undefined> {
    const [row] = await db
      .select()
      .from(driftReferences)
      .where(and(eq(driftReferences.projectId, projectId), eq(driftReferences.watchId, watchId)))
      .orderBy(desc(driftReferences.version))
      .limit(1);
    return row;
  },
});

const createReferenceWrites = (db: Postgres) => ({
  async createReference(row: ReferenceHead): Promise<void> {
    await db.insert(driftReferences).values({ ...row, items: null, model: null, vectors: null, vectorSize: null });
  },

  /** Stores the texts of a reference that has none. */
  async fillReference(
    projectId: string,
    referenceId: string,
    texts: Pick<ReferenceRow, "texts" | "items" | "model" | "vectors" | "vectorSize">,
  ): Promise<void> {
    await db
      .update(driftReferences)
      .set(texts)
      .where(and(eq(driftReferences.projectId, projectId), eq(driftReferences.id, referenceId)));
  },
});
