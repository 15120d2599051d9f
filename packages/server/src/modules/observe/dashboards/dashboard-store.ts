import { and, asc, count, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { dashboards } from "./schema.ts";

export type DashboardRow = typeof dashboards.$inferSelect;
type Content = Pick<DashboardRow, "name" | "description" | "charts" | "updatedBy" | "updatedAt">;

const withoutCharts = {
  id: dashboards.id,
  name: dashboards.name,
  description: dashboards.description,
  chartCount: sql<number>`jsonb_array_length(${dashboards.charts})`,
  version: dashboards.version,
  createdBy: dashboards.createdBy,
  createdAt: dashboards.createdAt,
  updatedBy: dashboards.updatedBy,
  updatedAt: dashboards.updatedAt,
};

export const createDashboardStore = (db: Postgres) => {
  const one = (projectId: string, dashboardId: string) =>
    and(eq(dashboards.projectId, projectId), eq(dashboards.id, dashboardId));

  return {
    async list(projectId: string) {
      return db
        .select(withoutCharts)
        .from(dashboards)
        .where(eq(dashboards.projectId, projectId))
        .orderBy(asc(dashboards.name), asc(dashboards.id));
    },

    async count(projectId: string): Promise<number> {
      const [row] = await db.select({ count: count() }).from(dashboards).where(eq(dashboards.projectId, projectId));
      return row?.count ?? 0;
    },

    async find(projectId: string, dashboardId: string): Promise<DashboardRow | undefined> {
      const [row] = await db.select().from(dashboards).where(one(projectId, dashboardId));
      return row;
    },

    async create(row: DashboardRow): Promise<void> {
      await db.insert(dashboards).values(row);
    },

    /** Undefined when the stored version is another one; the new one is one higher. */
    async update(
      projectId: string,
      { dashboardId, version }: { dashboardId: string; version: number },
      content: Content,
    ): Promise<DashboardRow | undefined> {
      const [row] = await db
        .update(dashboards)
        .set({ ...content, version: version + 1 })
        .where(and(one(projectId, dashboardId), eq(dashboards.version, version)))
        .returning();
      return row;
    },

    /** Gives the name of what is gone, or undefined. */
    async delete(projectId: string, dashboardId: string): Promise<string | undefined> {
      const [row] = await db.delete(dashboards).where(one(projectId, dashboardId)).returning({ name: dashboards.name });
      return row?.name;
    },
  };
};
