import { asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { localModels } from "./schema.ts";

/** A pulled model. It belongs to the machine, not to a project. */
export type StoredModel = typeof localModels.$inferSelect;

export const createModelStore = (db: Postgres) => ({
  list: (): Promise<StoredModel[]> => db.select().from(localModels).orderBy(asc(localModels.createdAt)),

  async save(model: StoredModel): Promise<void> {
    const { id: _, ...changes } = model;
    await db.insert(localModels).values(model).onConflictDoUpdate({ target: localModels.id, set: changes });
  },

  async delete(modelId: string): Promise<void> {
    await db.delete(localModels).where(eq(localModels.id, modelId));
  },
});
