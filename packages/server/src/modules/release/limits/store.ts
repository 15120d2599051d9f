import { and, asc, count, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { StoredLimit } from "./counting/active-limit.ts";
import { limits } from "./schema.ts";

type Row = typeof limits.$inferSelect;

const toStored = ({ id, defaultPrice, createdAt, updatedAt, ...row }: Row): StoredLimit => ({
  limitId: id,
  ...row,
  defaultPriceUsdPerMillion: defaultPrice,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const toRow = ({ limitId, defaultPriceUsdPerMillion, createdAt, updatedAt, ...limit }: StoredLimit): Row => ({
  id: limitId,
  ...limit,
  defaultPrice: defaultPriceUsdPerMillion,
  createdAt: new Date(createdAt),
  updatedAt: new Date(updatedAt),
});

const one = (projectId: string, limitId: string) => and(eq(limits.projectId, projectId), eq(limits.id, limitId));

export const createLimitStore = (db: Postgres) => ({ ...readsOf(db), ...writesOf(db) });

const readsOf = (db: Postgres) => ({
  async list(projectId: string): Promise<StoredLimit[]> {
    const rows = await db.select().from(limits).where(eq(limits.projectId, projectId)).orderBy(asc(limits.name));
    return rows.map(toStored);
  },

  /** The limits of every project, for the start of the server. */
  listAll: async (): Promise<StoredLimit[]> => (await db.select().from(limits)).map(toStored),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ limits: count() }).from(limits).where(eq(limits.projectId, projectId));
    return row?.limits ?? 0;
  },

  async find(projectId: string, limitId: string): Promise<StoredLimit | undefined> {
    const [row] = await db.select().from(limits).where(one(projectId, limitId));
    return row && toStored(row);
  },

  async isNameTaken(projectId: string, name: string, exceptId: string): Promise<boolean> {
    const isNamed = and(eq(limits.projectId, projectId), eq(limits.name, name));
    const [row] = await db.select({ id: limits.id }).from(limits).where(isNamed);
    return row !== undefined && row.id !== exceptId;
  },
});

const writesOf = (db: Postgres) => ({
  /** False when the project has a limit of that name. */
  async create(limit: StoredLimit): Promise<boolean> {
    const created = await db.insert(limits).values(toRow(limit)).onConflictDoNothing().returning({ id: limits.id });
    return created.length > 0;
  },

  async update(projectId: string, limit: StoredLimit): Promise<void> {
    const { id, projectId: _, ...changes } = toRow(limit);
    await db.update(limits).set(changes).where(one(projectId, id));
  },

  async delete(projectId: string, limitId: string): Promise<StoredLimit | undefined> {
    const [row] = await db.delete(limits).where(one(projectId, limitId)).returning();
    return row && toStored(row);
  },
});
