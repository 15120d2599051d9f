import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { monitorStates, monitors } from "./schema.ts";

export type MonitorRow = typeof monitors.$inferSelect;
export type StateRow = typeof monitorStates.$inferSelect;
/** A monitor with the state of its series. */
export type MonitorWithState = { readonly row: MonitorRow; readonly state: StateRow };
type Changes = Partial<Omit<MonitorRow, "id" | "projectId" | "createdAt">>;

const one = (projectId: string, id: string) => and(eq(monitors.projectId, projectId), eq(monitors.id, id));

export const createMonitorStore = (db: Postgres) => ({
  ...createReads(db),
  ...createEvaluationReads(db),
  ...createWrites(db),
  ...createStateWrites(db),
});

const createReads = (db: Postgres) => ({
  async count(projectId: string): Promise<number> {
    return db.$count(monitors, eq(monitors.projectId, projectId));
  },

  /** All monitors of a project, oldest first. */
  list: (projectId: string): Promise<MonitorWithState[]> =>
    db
      .select({ row: monitors, state: monitorStates })
      .from(monitors)
      .innerJoin(monitorStates, eq(monitorStates.monitorId, monitors.id))
      .where(eq(monitors.projectId, projectId))
      .orderBy(asc(monitors.createdAt), asc(monitors.id)),

  async find(projectId: string, id: string): Promise<MonitorWithState | undefined> {
    const [found] = await db
      .select({ row: monitors, state: monitorStates })
      .from(monitors)
      .innerJoin(monitorStates, eq(monitorStates.monitorId, monitors.id))
      .where(one(projectId, id));
    return found;
  },
});

const createEvaluationReads = (db: Postgres) => ({
  /** The projects with an enabled monitor. */
  async listProjects(): Promise<string[]> {
    const rows = await db
      .selectDistinct({ projectId: monitors.projectId })
      .from(monitors)
      .where(eq(monitors.isEnabled, true));
    return rows.map(({ projectId }) => projectId);
  },

  /** The enabled monitors and how far they are evaluated, without their series. */
  listEnabled: (projectId: string) =>
    db
      .select({ row: monitors, windowEnd: monitorStates.windowEnd, lastError: monitorStates.lastError })
      .from(monitors)
      .innerJoin(monitorStates, eq(monitorStates.monitorId, monitors.id))
      .where(and(eq(monitors.projectId, projectId), eq(monitors.isEnabled, true)))
      .orderBy(asc(monitors.createdAt), asc(monitors.id)),

  async listStates(projectId: string, ids: readonly string[]): Promise<StateRow[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(monitorStates)
      .where(and(eq(monitorStates.projectId, projectId), inArray(monitorStates.monitorId, [...ids])));
  },
});

const createWrites = (db: Postgres) => ({
  async create(row: MonitorRow, expectedFalseAlarms: number | null): Promise<void> {
    await db.insert(monitors).values(row);
    await db.insert(monitorStates).values({
      ...emptyState(row.revision),
      monitorId: row.id,
      projectId: row.projectId,
      expectedFalseAlarms,
      estimatedAt: row.createdAt,
    });
  },

  /** The monitor with its state, locked until the transaction ends. */
  async lock(projectId: string, id: string): Promise<MonitorWithState | undefined> {
    const [row] = await db.select().from(monitors).where(one(projectId, id)).for("update");
    if (row === undefined) return undefined;
    const [state] = await db.select().from(monitorStates).where(eq(monitorStates.monitorId, id)).for("update");
    return state && { row, state };
  },

  async update(projectId: string, id: string, changes: Changes): Promise<void> {
    await db.update(monitors).set(changes).where(one(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.execute(sql`DELETE FROM monitors WHERE project_id = ${projectId} AND id = ${id}`);
  },
});

const createStateWrites = (db: Postgres) => ({
  /** Series begin again. */
  async resetState(projectId: string, id: string, revision: number): Promise<void> {
    await db
      .update(monitorStates)
      .set(emptyState(revision))
      .where(and(eq(monitorStates.projectId, projectId), eq(monitorStates.monitorId, id)));
  },

  async setEstimate(projectId: string, id: string, estimate: { alarms: number | null; at: Date }): Promise<void> {
    await db
      .update(monitorStates)
      .set({ expectedFalseAlarms: estimate.alarms, estimatedAt: estimate.at })
      .where(and(eq(monitorStates.projectId, projectId), eq(monitorStates.monitorId, id)));
  },

  /** Why monitors wait, for all of a project that are enabled. */
  async setLastError(projectId: string, ids: readonly string[], lastError: string): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(monitorStates)
      .set({ lastError })
      .where(and(eq(monitorStates.projectId, projectId), inArray(monitorStates.monitorId, [...ids])));
  },
});

const emptyState = (revision: number) => ({
  revision,
  windowEnd: null,
  series: {},
  lastError: "",
  evaluatedAt: null,
});
