import { and, asc, eq, isNotNull, isNull, lte, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeSources } from "./schema.ts";

export type SourceRow = typeof knowledgeSources.$inferSelect;

/** The kind of the source that holds uploaded files. */
export const UPLOAD = "upload";
/** Its name, which no other source has. */
export const UPLOADS_NAME = "Uploads";

const isPresent = isNull(knowledgeSources.deletedAt);
const isOne = (baseId: string, sourceId: string) =>
  and(eq(knowledgeSources.baseId, baseId), eq(knowledgeSources.id, sourceId), isPresent);

export const createSourceStore = (db: Postgres) => ({
  ...createReads(db),
  ...createLocks(db),
  ...createSchedule(db),
  ...createWrites(db),
});

const createReads = (db: Postgres) => ({
  async findOfKind(baseId: string, kind: string): Promise<SourceRow | undefined> {
    const [row] = await db
      .select()
      .from(knowledgeSources)
      .where(and(eq(knowledgeSources.baseId, baseId), eq(knowledgeSources.kind, kind), isPresent));
    return row;
  },

  /** Oldest first. */
  listSources(baseId: string): Promise<SourceRow[]> {
    return db
      .select()
      .from(knowledgeSources)
      .where(and(eq(knowledgeSources.baseId, baseId), isPresent))
      .orderBy(asc(knowledgeSources.createdAt), asc(knowledgeSources.id));
  },

  async findSource(baseId: string, sourceId: string): Promise<SourceRow | undefined> {
    const [row] = await db.select().from(knowledgeSources).where(isOne(baseId, sourceId));
    return row;
  },
});

const createLocks = (db: Postgres) => ({
  /** Locks the source until the transaction ends. */
  async lockSource(baseId: string, sourceId: string): Promise<SourceRow | undefined> {
    const [row] = await db.select().from(knowledgeSources).where(isOne(baseId, sourceId)).for("update");
    return row;
  },

  async isNameTaken(baseId: string, name: string): Promise<boolean> {
    const isNamed = and(eq(knowledgeSources.baseId, baseId), eq(knowledgeSources.name, name), isPresent);
    return (await db.$count(knowledgeSources, isNamed)) > 0;
  },
});

const createSchedule = (db: Postgres) => ({
  /** Sources whose next sync is due. */
  listDue(projectId: string, now: Date): Promise<SourceRow[]> {
    const isDue = lte(knowledgeSources.nextSyncAt, now);
    return db
      .select()
      .from(knowledgeSources)
      .where(and(eq(knowledgeSources.projectId, projectId), isDue, isPresent, ne(knowledgeSources.kind, UPLOAD)));
  },

  async listScheduledProjects(): Promise<string[]> {
    const { projectId, nextSyncAt } = knowledgeSources;
    const rows = await db.selectDistinct({ projectId }).from(knowledgeSources).where(isNotNull(nextSyncAt));
    return rows.map((row) => row.projectId);
  },

  /** Moves the next sync of a source that is due. */
  async moveNext(sourceId: string, now: Date): Promise<void> {
    const nextSyncAt = sql`${now.toISOString()}::timestamptz + make_interval(secs => ${knowledgeSources.everySeconds})`;
    await db.update(knowledgeSources).set({ nextSyncAt }).where(eq(knowledgeSources.id, sourceId));
  },
});

const createWrites = (db: Postgres) => ({
  async createSource(row: SourceRow): Promise<void> {
    await db.insert(knowledgeSources).values(row);
  },

  async updateSource(baseId: string, sourceId: string, changes: Partial<SourceRow>): Promise<SourceRow | undefined> {
    const [row] = await db.update(knowledgeSources).set(changes).where(isOne(baseId, sourceId)).returning();
    return row;
  },
});
