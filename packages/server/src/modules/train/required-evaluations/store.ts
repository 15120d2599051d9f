import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { requiredEvaluations } from "./schema.ts";

export type RequiredRow = typeof requiredEvaluations.$inferSelect;

export const createRequiredStore = (db: Postgres) => ({
  list: (projectId: string): Promise<RequiredRow[]> =>
    db
      .select()
      .from(requiredEvaluations)
      .where(eq(requiredEvaluations.projectId, projectId))
      .orderBy(asc(requiredEvaluations.createdAt), asc(requiredEvaluations.id)),

  async add(row: RequiredRow): Promise<void> {
    await db.insert(requiredEvaluations).values(row);
  },

  /** Gives whether there was one. */
  async remove(projectId: string, id: string): Promise<boolean> {
    const deleted = await db
      .delete(requiredEvaluations)
      .where(and(eq(requiredEvaluations.projectId, projectId), eq(requiredEvaluations.id, id)))
      .returning({ id: requiredEvaluations.id });
    return deleted.length > 0;
  },
});
