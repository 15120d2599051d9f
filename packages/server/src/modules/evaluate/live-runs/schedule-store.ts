import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { liveSchedules } from "./schema.ts";

export type ScheduleRow = typeof liveSchedules.$inferSelect;

export const createScheduleStore = (db: Postgres) => ({ ...readsOf(db), ...writesOf(db) });

const readsOf = (db: Postgres) => ({
  async find(projectId: string, ruleId: string): Promise<ScheduleRow | undefined> {
    const [row] = await db
      .select()
      .from(liveSchedules)
      .where(and(eq(liveSchedules.projectId, projectId), eq(liveSchedules.ruleId, ruleId)));
    return row;
  },

  listEnabled: (projectId: string): Promise<ScheduleRow[]> =>
    db
      .select()
      .from(liveSchedules)
      .where(and(eq(liveSchedules.projectId, projectId), eq(liveSchedules.isEnabled, true)))
      .orderBy(asc(liveSchedules.ruleId)),

  /** The projects with an enabled schedule. */
  async listProjects(): Promise<string[]> {
    const rows = await db
      .selectDistinct({ projectId: liveSchedules.projectId })
      .from(liveSchedules)
      .where(eq(liveSchedules.isEnabled, true));
    return rows.map(({ projectId }) => projectId);
  },
});

const writesOf = (db: Postgres) => ({
  async set(row: ScheduleRow): Promise<void> {
    await db.insert(liveSchedules).values(row).onConflictDoUpdate({ target: liveSchedules.ruleId, set: row });
  },

  async setError(projectId: string, ruleId: string, lastError: string): Promise<void> {
    await db
      .update(liveSchedules)
      .set({ lastError })
      .where(and(eq(liveSchedules.projectId, projectId), eq(liveSchedules.ruleId, ruleId)));
  },
});
