import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { rolloutEvents, rolloutPoints, rollouts } from "./schema.ts";

export type EventRow = typeof rolloutEvents.$inferSelect;
export type PointRow = typeof rolloutPoints.$inferSelect;
type Owner = { readonly rolloutId: string; readonly limit: number };
type EventPage = Owner & { readonly before: readonly [at: string, id: string] | null };
type PointPage = Owner & { readonly after: Date | null };

/** The events of rollouts, and their evidence over time. */
export const createHistoryStore = (db: Postgres) => ({
  async addEvent(row: EventRow): Promise<void> {
    await db.insert(rolloutEvents).values(row);
  },

  /** Newest first. */
  listEvents: (projectId: string, page: EventPage) => listEvents(db, projectId, page),

  /** A second point of the same moment is not stored. */
  async addPoint(row: PointRow): Promise<void> {
    await db.insert(rolloutPoints).values(row).onConflictDoNothing();
  },

  findLastPoint: (projectId: string, rolloutId: string) => findLastPoint(db, projectId, rolloutId),

  /** Oldest first. */
  listPoints: (projectId: string, page: PointPage) => listPoints(db, projectId, page),
});
export type HistoryStore = ReturnType<typeof createHistoryStore>;

const isOf = (projectId: string, rolloutId: string) =>
  and(eq(rollouts.projectId, projectId), eq(rollouts.id, rolloutId));

async function listEvents(
  db: Postgres,
  projectId: string,
  { rolloutId, limit, before }: EventPage,
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
}

async function findLastPoint(db: Postgres, projectId: string, rolloutId: string): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: rolloutPoints.at })
    .from(rolloutPoints)
    .innerJoin(rollouts, eq(rollouts.id, rolloutPoints.rolloutId))
    .where(isOf(projectId, rolloutId))
    .orderBy(desc(rolloutPoints.at))
    .limit(1);
  return row?.at;
}

async function listPoints(
  db: Postgres,
  projectId: string,
  { rolloutId, limit, after }: PointPage,
): Promise<PointRow[]> {
  const rows = await db
    .select({ point: rolloutPoints })
    .from(rolloutPoints)
    .innerJoin(rollouts, eq(rollouts.id, rolloutPoints.rolloutId))
    .where(and(isOf(projectId, rolloutId), after === null ? undefined : gt(rolloutPoints.at, after)))
    .orderBy(asc(rolloutPoints.at))
    .limit(limit);
  return rows.map(({ point }) => point);
}
