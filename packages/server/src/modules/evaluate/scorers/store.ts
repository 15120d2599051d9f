import { and, asc, count, desc, eq, gt, ilike, lt, or } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { scorers, scorerVersions } from "./schema.ts";

export type ScorerRow = typeof scorers.$inferSelect;
export type VersionRow = typeof scorerVersions.$inferSelect;
type Changes = Partial<Pick<ScorerRow, "name" | "description" | "isArchived" | "latestVersion" | "updatedAt">>;
type Filter = {
  readonly search?: string | undefined;
  readonly kind?: string | undefined;
  readonly archived: "exclude" | "only" | "include";
};

/** Text that LIKE takes as it stands. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

const newest = and(eq(scorerVersions.scorerId, scorers.id), eq(scorerVersions.version, scorers.latestVersion));
const one = (projectId: string, ref: string) =>
  and(eq(scorers.projectId, projectId), or(eq(scorers.id, ref), eq(scorers.name, ref)));

function conditionsOf(projectId: string, { search, kind, archived }: Filter) {
  const pattern = search && `%${literally(search)}%`;
  return and(
    eq(scorers.projectId, projectId),
    archived === "include" ? undefined : eq(scorers.isArchived, archived === "only"),
    kind === undefined ? undefined : eq(scorers.kind, kind),
    pattern ? or(ilike(scorers.name, pattern), ilike(scorers.description, pattern)) : undefined,
  );
}

export const createScorerStore = (db: Postgres) => ({
  /** By name, those after a name, each with its newest version. */
  list: (projectId: string, filter: Filter, { limit, after }: { limit: number; after: string | null }) =>
    db
      .select({ scorer: scorers, version: scorerVersions })
      .from(scorers)
      .innerJoin(scorerVersions, newest)
      .where(and(conditionsOf(projectId, filter), after === null ? undefined : gt(scorers.name, after)))
      .orderBy(asc(scorers.name))
      .limit(limit),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(scorers).where(eq(scorers.projectId, projectId));
    return row?.count ?? 0;
  },

  /** By id or by name, with a version of it: the newest one unless another is named. */
  async find(projectId: string, ref: string, version?: number) {
    const wanted =
      version === undefined
        ? newest
        : and(eq(scorerVersions.scorerId, scorers.id), eq(scorerVersions.version, version));
    const [row] = await db
      .select({ scorer: scorers, version: scorerVersions })
      .from(scorers)
      .innerJoin(scorerVersions, wanted)
      .where(one(projectId, ref));
    return row;
  },

  /** Locks the scorer and its versions until the transaction ends. */
  async findAndHold(projectId: string, ref: string): Promise<ScorerRow | undefined> {
    const [row] = await db.select().from(scorers).where(one(projectId, ref)).for("update");
    return row;
  },

  /** False when there is one of that name. */
  async create(row: ScorerRow): Promise<boolean> {
    const made = await db.insert(scorers).values(row).onConflictDoNothing().returning({ id: scorers.id });
    return made.length > 0;
  },

  async isNameTaken(projectId: string, name: string): Promise<boolean> {
    const [row] = await db
      .select({ id: scorers.id })
      .from(scorers)
      .where(and(eq(scorers.projectId, projectId), eq(scorers.name, name)));
    return row !== undefined;
  },

  async update(projectId: string, scorerId: string, changes: Changes): Promise<void> {
    await db
      .update(scorers)
      .set(changes)
      .where(and(eq(scorers.projectId, projectId), eq(scorers.id, scorerId)));
  },

  async delete(projectId: string, scorerId: string): Promise<void> {
    await db.delete(scorers).where(and(eq(scorers.projectId, projectId), eq(scorers.id, scorerId)));
  },

  async createVersion(row: VersionRow): Promise<void> {
    await db.insert(scorerVersions).values(row);
  },

  /** Newest first, those before a number. */
  listVersions: (projectId: string, scorerId: string, { limit, before }: { limit: number; before: number | null }) =>
    db
      .select()
      .from(scorerVersions)
      .where(
        and(
          eq(scorerVersions.projectId, projectId),
          eq(scorerVersions.scorerId, scorerId),
          before === null ? undefined : lt(scorerVersions.version, before),
        ),
      )
      .orderBy(desc(scorerVersions.version))
      .limit(limit),
});
