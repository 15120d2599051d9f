import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { rolloutEvents, rolloutPoints, rollouts } from "./schema.ts";

export type EventRow = typeof rolloutEvents.$inferSelect;
export type PointRow = typeof rolloutPoints.$inferSelect;
type Owner = { readonly rolloutId: string; readonly limit: number };

/** The events of rollouts, and their evidence over time. */
export const createHistoryStore = (db: Postgres) => {
  const isOf = (projectId: string, rolloutId: string) =>
    and(eq(rollouts.projectId, projectId), eq(rollouts.id, rolloutId));

  return {
    async addEvent(row: EventRow): Promise<void> {
      await db.insert(rolloutEvents).values(row);
    },

    /** Newest first. */
    async listEvents(
      projectId: string,
      { rolloutId, limit, before }: Owner & { readonly before: readonly [at: string, id: string] | null },
    ): Promise<EventRow[]> {
      const rows = await db
        .select({ event: rolloutEvents })
        .from(rolloutEvents)
        .innerJoin(rollouts, eq(rollouts.id, rolloutEvents.rolloutId))
        .where(
          and(
            isOf(projectId, rolloutId),
            before === null
              ? undefined
              : sql`(${rolloutEvents.at}, ${rolloutEvents.id}) < (${before[0]}::timestamptz, ${before[1]})`,
          ),
        )
        .orderBy(desc(rolloutEvents.at), desc(rolloutEvents.id))
        .limit(limit);
      return rows.map(({ event }) => event);
    },

    /** A second point of the same moment is not stored. */
    async addPoint(row: PointRow): Promise<void> {
      await db.insert(rolloutPoints).values(row).onConflictDoNothing();
    },

    async findLastPoint(projectId: string, rolloutId: string): Promise<Date | undefined> {
      const [row] = await db
        .select({ at: rolloutPoints.at })
        .from(rolloutPoints)
        .innerJoin(rollouts, eq(rollouts.id, rolloutPoints.rolloutId))
        .where(isOf(projectId, rolloutId))
        .orderBy(desc(rolloutPoints.at))
        .limit(1);
      return row?.at;
    },

    /** Oldest first. */
    async listPoints(
      projectId: string,
      { rolloutId, limit, after }: Owner & { readonly after: Date | null },
    ): Promise<PointRow[]> {
      const rows = await db
        .select({ point: rolloutPoints })
        .from(rolloutPoints)
        .innerJoin(rollouts, eq(rollouts.id, rolloutPoints.rolloutId))
        .where(and(isOf(projectId, rolloutId), after === null ? undefined : gt(rolloutPoints.at, after)))
        .orderBy(asc(rolloutPoints.at))
        .limit(limit);
      return rows.map(({ point }) => point);
    },
  };
};
