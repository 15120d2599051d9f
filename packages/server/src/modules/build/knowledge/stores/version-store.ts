import { and, desc, eq, inArray, lt, max } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeVersions } from "./schema.ts";

export type VersionRow = typeof knowledgeVersions.$inferSelect;

export const createVersionStore = (db: Postgres) => ({ ...createReads(db), ...createLatest(db), ...createWrites(db) });

const createReads = (db: Postgres) => ({
  /** Newest first. */
  listVersions(baseId: string, { limit, below }: { limit: number; below: number | null }): Promise<VersionRow[]> {
    const isBelow = below === null ? undefined : lt(knowledgeVersions.version, below);
    return db
      .select()
      .from(knowledgeVersions)
      .where(and(eq(knowledgeVersions.baseId, baseId), isBelow))
      .orderBy(desc(knowledgeVersions.version))
      .limit(limit);
  },

  async findVersion(baseId: string, version: number): Promise<VersionRow | undefined> {
    const [row] = await db
      .select()
      .from(knowledgeVersions)
      .where(and(eq(knowledgeVersions.baseId, baseId), eq(knowledgeVersions.version, version)));
    return row;
  },
});

const createLatest = (db: Postgres) => ({
  async findLatest(baseId: string): Promise<VersionRow | undefined> {
    const [row] = await createReads(db).listVersions(baseId, { limit: 1, below: null });
    return row;
  },

  /** The number of the latest version of each base. */
  async listLatest(baseIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (baseIds.length === 0) return new Map();
    const rows = await db
      .select({ baseId: knowledgeVersions.baseId, latest: max(knowledgeVersions.version) })
      .from(knowledgeVersions)
      .where(inArray(knowledgeVersions.baseId, [...baseIds]))
      .groupBy(knowledgeVersions.baseId);
    return new Map(rows.map(({ baseId, latest }) => [baseId, latest ?? 0]));
  },
});

const createWrites = (db: Postgres) => ({
  async createVersion(row: VersionRow): Promise<void> {
    await db.insert(knowledgeVersions).values(row);
  },
});
