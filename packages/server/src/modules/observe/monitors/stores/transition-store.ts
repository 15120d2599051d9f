import type { MonitorTransition } from "@treadle/contract";
import { and, asc, desc, eq, gt, gte, inArray, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { monitorTransitions } from "./schema.ts";

export type TransitionRow = typeof monitorTransitions.$inferSelect;

type Listing = {
  readonly monitorId: string;
  readonly series: string | undefined;
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [at: string, id: string] | null;
};

export const toTransition = (row: TransitionRow): MonitorTransition => ({
  transitionId: row.id,
  series: row.series,
  from: row.fromState,
  to: row.toState,
  severity: row.severity,
  at: row.at.toISOString(),
  point: row.point,
  incidentId: row.incidentId,
  message: row.message,
});

export const createTransitionStore = (db: Postgres) => ({
  async add(rows: readonly TransitionRow[]): Promise<void> {
    if (rows.length > 0) await db.insert(monitorTransitions).values([...rows]);
  },

  /** Newest first. */
  list: (projectId: string, listing: Listing): Promise<TransitionRow[]> => listTransitions(db, projectId, listing),

  /** All transitions of a monitor since a time, oldest first: when it had incidents. */
  listSince: (projectId: string, monitorId: string, since: Date): Promise<TransitionRow[]> =>
    db
      .select()
      .from(monitorTransitions)
      .where(and(isOf(projectId, monitorId), gte(monitorTransitions.at, since)))
      .orderBy(asc(monitorTransitions.at), asc(monitorTransitions.id)),

  async deleteBefore(projectId: string, before: Date): Promise<void> {
    await db
      .delete(monitorTransitions)
      .where(and(eq(monitorTransitions.projectId, projectId), lt(monitorTransitions.at, before)));
  },
});

/** Changes of states that a clock ahead has dated later than now happened at the latest now. */
export async function moveBackTransitions(
  db: Postgres,
  projectId: string,
  { monitorIds, now }: { readonly monitorIds: readonly string[]; readonly now: Date },
): Promise<void> {
  const { at, monitorId } = monitorTransitions;
  await db
    .update(monitorTransitions)
    .set({ at: now })
    .where(and(eq(monitorTransitions.projectId, projectId), inArray(monitorId, [...monitorIds]), gt(at, now)));
}

const isOf = (projectId: string, monitorId: string) =>
  and(eq(monitorTransitions.projectId, projectId), eq(monitorTransitions.monitorId, monitorId));

const listTransitions = (
  db: Postgres,
  projectId: string,
  { monitorId, series, limit, before }: Listing,
): Promise<TransitionRow[]> =>
  db
    .select()
    .from(monitorTransitions)
    .where(
      and(
        isOf(projectId, monitorId),
        series === undefined ? undefined : eq(monitorTransitions.series, series),
        before === null
          ? undefined
          : sql`(${monitorTransitions.at}, ${monitorTransitions.id}) < (${before[0]}::timestamptz, ${before[1]})`,
      ),
    )
    .orderBy(desc(monitorTransitions.at), desc(monitorTransitions.id))
    .limit(limit);
