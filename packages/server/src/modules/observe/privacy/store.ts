import { desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { privacySettings } from "./schema.ts";

export type PrivacyRow = typeof privacySettings.$inferSelect;

export const createPrivacyStore = (db: Postgres) => ({
  /** The settings of all projects. */
  listAll: (): Promise<PrivacyRow[]> => db.select().from(privacySettings),

  /** The newest of all projects. */
  listSome: (): Promise<PrivacyRow[]> =>
    db.select().from(privacySettings).orderBy(desc(privacySettings.updatedAt)).limit(20),

  async find(projectId: string): Promise<PrivacyRow | undefined> {
    const [row] = await db.select().from(privacySettings).where(eq(privacySettings.projectId, projectId));
    return row;
  },

  /** The row, locked until the transaction ends. */
  async lock(projectId: string): Promise<PrivacyRow | undefined> {
    const [row] = await db.select().from(privacySettings).where(eq(privacySettings.projectId, projectId)).for("update");
    return row;
  },

  async save(row: PrivacyRow): Promise<void> {
    const { projectId: _, ...changes } = row;
    await db
      .insert(privacySettings)
      .values(row)
      .onConflictDoUpdate({ target: privacySettings.projectId, set: changes });
  },
});
