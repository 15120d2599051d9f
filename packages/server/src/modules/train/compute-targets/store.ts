import type { ComputeTarget } from "@treadle/contract";
import { and, asc, desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { computeTargets } from "./schema.ts";

export type ComputeTargetRow = typeof computeTargets.$inferSelect;
type Changes = Partial<Omit<ComputeTargetRow, "id" | "projectId" | "createdAt">>;

/** A list that names every field that leaves the store: the sealed token is not among them. */
export const toComputeTarget = (row: ComputeTargetRow): ComputeTarget => ({
  computeTargetId: row.id,
  name: row.name,
  url: row.url,
  folder: row.folder,
  settings: row.settings,
  hasToken: row.sealedToken !== null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Some compute targets of all projects. */
export const listSomeTargets = (db: Postgres): Promise<ComputeTargetRow[]> =>
  db.select().from(computeTargets).orderBy(desc(computeTargets.createdAt)).limit(20);

export const createComputeTargetStore = (db: Postgres) => {
  const isOwn = (projectId: string, id: string) =>
    and(eq(computeTargets.projectId, projectId), eq(computeTargets.id, id));
  return {
    list: (projectId: string): Promise<ComputeTargetRow[]> =>
      db.select().from(computeTargets).where(eq(computeTargets.projectId, projectId)).orderBy(asc(computeTargets.name)),

    async find(projectId: string, id: string): Promise<ComputeTargetRow | undefined> {
      const [row] = await db.select().from(computeTargets).where(isOwn(projectId, id));
      return row;
    },

    async findNamed(projectId: string, name: string): Promise<ComputeTargetRow | undefined> {
      const [row] = await db
        .select()
        .from(computeTargets)
        .where(and(eq(computeTargets.projectId, projectId), eq(computeTargets.name, name)));
      return row;
    },

    /** Holds the row until the transaction ends, so that two changes of one target come one after the other. */
    async lock(projectId: string, id: string): Promise<ComputeTargetRow | undefined> {
      const [row] = await db.select().from(computeTargets).where(isOwn(projectId, id)).for("update");
      return row;
    },

    /** False when the project has a target of that name. */
    async create(row: ComputeTargetRow): Promise<boolean> {
      const made = await db
        .insert(computeTargets)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: computeTargets.id });
      return made.length === 1;
    },

    async update(projectId: string, id: string, changes: Changes): Promise<ComputeTargetRow | undefined> {
      const [row] = await db.update(computeTargets).set(changes).where(isOwn(projectId, id)).returning();
      return row;
    },

    async delete(projectId: string, id: string): Promise<void> {
      await db.delete(computeTargets).where(isOwn(projectId, id));
    },
  };
};
