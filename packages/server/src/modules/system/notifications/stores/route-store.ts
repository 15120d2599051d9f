import type { NotificationRoute } from "@treadle/contract";
import { and, asc, eq, lte } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { escalations, routes } from "./schema.ts";

export type RouteRow = typeof routes.$inferSelect;
export type EscalationRow = typeof escalations.$inferSelect;

export const toRoute = ({ id, rule, updatedAt }: RouteRow): NotificationRoute => ({
  routeId: id,
  ...rule,
  updatedAt: updatedAt.toISOString(),
});

export const createRouteStore = (db: Postgres) => {
  const isOwn = (projectId: string, routeId: string) => and(eq(routes.projectId, projectId), eq(routes.id, routeId));
  return {
    list: (projectId: string): Promise<RouteRow[]> =>
      db.select().from(routes).where(eq(routes.projectId, projectId)).orderBy(asc(routes.place), asc(routes.id)),

    async find(projectId: string, routeId: string): Promise<RouteRow | undefined> {
      const [row] = await db.select().from(routes).where(isOwn(projectId, routeId));
      return row;
    },
    async create(row: RouteRow): Promise<void> {
      await db.insert(routes).values(row);
    },
    async update(projectId: string, routeId: string, changes: Partial<Pick<RouteRow, "rule" | "place" | "updatedAt">>) {
      const [row] = await db.update(routes).set(changes).where(isOwn(projectId, routeId)).returning();
      return row;
    },
    async delete(projectId: string, routeId: string): Promise<RouteRow | undefined> {
      const [row] = await db.delete(routes).where(isOwn(projectId, routeId)).returning();
      return row;
    },
  };
};

/** Subjects that nobody has acknowledged, with the time of their next escalation. */
export const createEscalationStore = (db: Postgres) => ({
  /** An escalation in progress of the same route and subject continues. */
  async start(row: EscalationRow): Promise<void> {
    await db.insert(escalations).values(row).onConflictDoNothing();
  },
  async end(projectId: string, subject: string): Promise<void> {
    await db.delete(escalations).where(and(eq(escalations.projectId, projectId), eq(escalations.subject, subject)));
  },
  listDue: (now: Date, limit: number): Promise<EscalationRow[]> =>
    db.select().from(escalations).where(lte(escalations.nextAt, now)).orderBy(asc(escalations.nextAt)).limit(limit),
  /** False if it ended since it was read. */
  async move({ id, nextAt }: EscalationRow, next: Date | null): Promise<boolean> {
    const isSame = and(eq(escalations.id, id), eq(escalations.nextAt, nextAt));
    const rows =
      next === null
        ? await db.delete(escalations).where(isSame).returning({ id: escalations.id })
        : await db.update(escalations).set({ nextAt: next }).where(isSame).returning({ id: escalations.id });
    return rows.length === 1;
  },
});
