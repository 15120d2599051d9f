import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { datasetBranches, datasetDraftSteps } from "./schema.ts";
import type { Which } from "./version-store.ts";

export type BranchRow = typeof datasetBranches.$inferSelect;
export type StepRow = typeof datasetDraftSteps.$inferSelect;
/** A branch of a dataset. */
export type Place = Which & { readonly branch: string };
/** Where a draft goes from a revision. */
type Move = {
  readonly revision: number;
  readonly applied: number;
  readonly head?: number | null;
  readonly updatedAt: Date;
};

/** Branches and the steps of their drafts. */
export const createBranchStore = (db: Postgres) => {
  const of = ({ projectId, datasetId }: Which) =>
    and(eq(datasetBranches.projectId, projectId), eq(datasetBranches.datasetId, datasetId));
  const one = (place: Place) => and(of(place), eq(datasetBranches.name, place.branch));
  const stepsOf = ({ projectId, datasetId, branch }: Place) =>
    and(
      eq(datasetDraftSteps.projectId, projectId),
      eq(datasetDraftSteps.datasetId, datasetId),
      eq(datasetDraftSteps.branch, branch),
    );

  return {
    list: (which: Which): Promise<BranchRow[]> =>
      db
        .select()
        .from(datasetBranches)
        .where(of(which))
        .orderBy(sql`${datasetBranches.name} != 'main'`, asc(datasetBranches.name)),

    async find(place: Place): Promise<BranchRow | undefined> {
      const [row] = await db.select().from(datasetBranches).where(one(place));
      return row;
    },

    /** False when there is one of that name. */
    async create(row: BranchRow): Promise<boolean> {
      const made = await db
        .insert(datasetBranches)
        .values(row)
        .onConflictDoNothing()
        .returning({ name: datasetBranches.name });
      return made.length > 0;
    },

    async delete(place: Place): Promise<boolean> {
      const rows = await db.delete(datasetBranches).where(one(place)).returning({ name: datasetBranches.name });
      return rows.length > 0;
    },

    /** Moves the draft, if it still has that revision; undefined when it has not. */
    async move(place: Place, { revision, ...to }: Move): Promise<BranchRow | undefined> {
      const [row] = await db
        .update(datasetBranches)
        .set({ ...to, revision: revision + 1 })
        .where(and(one(place), eq(datasetBranches.revision, revision)))
        .returning();
      return row;
    },

    listSteps: (place: Place): Promise<StepRow[]> =>
      db.select().from(datasetDraftSteps).where(stepsOf(place)).orderBy(asc(datasetDraftSteps.ordinal)),

    async findStep(place: Place, ordinal: number): Promise<StepRow | undefined> {
      const [row] = await db
        .select()
        .from(datasetDraftSteps)
        .where(and(stepsOf(place), eq(datasetDraftSteps.ordinal, ordinal)));
      return row;
    },

    async addStep(row: StepRow): Promise<void> {
      await db.insert(datasetDraftSteps).values(row);
    },

    async deleteStepsAfter(place: Place, ordinal: number): Promise<void> {
      await db.delete(datasetDraftSteps).where(and(stepsOf(place), gt(datasetDraftSteps.ordinal, ordinal)));
    },
  };
};
