import { and, desc, eq, ilike, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeBases } from "./schema.ts";
import { type Window, windowOf } from "./window-store.ts";

export type BaseRow = typeof knowledgeBases.$inferSelect;
export type Before = readonly [createdAt: string, id: string] | null;

const isOne = (projectId: string, baseId: string) =>
  and(eq(knowledgeBases.projectId, projectId), eq(knowledgeBases.id, baseId));

/** `%` and `_` of a text as they are. */
export const likeText = (text: string) => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

export const createBaseStore = (db: Postgres) => ({
  ...createWindow(db),
  ...createReads(db),
  ...createWrites(db),
});

const createWindow = (db: Postgres) => ({
  async listWindow(projectId: string, window: Window): Promise<BaseRow[]> {
    const { where, orderBy, limit } = windowOf(knowledgeBases, window);
    return db
      .select()
      .from(knowledgeBases)
      .where(and(eq(knowledgeBases.projectId, projectId), where))
      .orderBy(...orderBy)
      .limit(limit);
  },
});

const createReads = (db: Postgres) => ({
  /** Newest first. */
  listBases(
    projectId: string,
    { limit, before, search }: { limit: number; before: Before; search?: string | undefined },
  ): Promise<BaseRow[]> {
    const { createdAt, id, name } = knowledgeBases;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    const isNamed = search ? ilike(name, likeText(search)) : undefined;
    return db
      .select()
      .from(knowledgeBases)
      .where(and(eq(knowledgeBases.projectId, projectId), isBefore, isNamed))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async findBase(projectId: string, baseId: string): Promise<BaseRow | undefined> {
    const [row] = await db.select().from(knowledgeBases).where(isOne(projectId, baseId));
    return row;
  },

  async isNameTaken(projectId: string, name: string): Promise<boolean> {
    const isNamed = and(eq(knowledgeBases.projectId, projectId), eq(knowledgeBases.name, name));
    return (await db.$count(knowledgeBases, isNamed)) > 0;
  },

  countBases: (projectId: string) => db.$count(knowledgeBases, eq(knowledgeBases.projectId, projectId)),
});

const createWrites = (db: Postgres) => ({
  async createBase(row: BaseRow): Promise<void> {
    await db.insert(knowledgeBases).values(row);
  },

  /** Locks the base until the transaction ends, so that an upload and the end of an index job see each other. */
  async lockBase(projectId: string, baseId: string): Promise<BaseRow | undefined> {
    const [row] = await db.select().from(knowledgeBases).where(isOne(projectId, baseId)).for("update");
    return row;
  },

  async updateBase(projectId: string, baseId: string, changes: Partial<BaseRow>): Promise<BaseRow | undefined> {
    const [row] = await db.update(knowledgeBases).set(changes).where(isOne(projectId, baseId)).returning();
    return row;
  },

  /** Notes that the results of searches can differ now. */
  async changeAccess(projectId: string, baseId: string): Promise<void> {
    const accessRevision = sql`${knowledgeBases.accessRevision} + 1`;
    await db.update(knowledgeBases).set({ accessRevision }).where(isOne(projectId, baseId));
  },

  async deleteBase(projectId: string, baseId: string): Promise<BaseRow | undefined> {
    const [row] = await db.delete(knowledgeBases).where(isOne(projectId, baseId)).returning();
    return row;
  },
});
