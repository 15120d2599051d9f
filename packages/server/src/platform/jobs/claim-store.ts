import { and, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Postgres } from "../postgres/port.ts";
import { after, CHANGED, LET_GO, NOW } from "./columns.ts";
import { jobs } from "./schema.ts";
import type { JobRow } from "./store.ts";

type Claim = { readonly kind: string; readonly owner: string; readonly limit: number; readonly leaseMs: number };

/** Queued and due, or left behind by a process that is not heard of any more. */
const dueFor = (owner: string, isPaused: SQL) => sql`(
  (status = 'queued' AND run_at <= now()
  OR status = 'running' AND owner <> ${owner} AND leased_until < now() AND cancelled_at IS NULL) AND NOT ${isPaused})`;

/** Due jobs, their owners, and abandoned jobs. A job whose row matches `isPaused` waits. */
export const createClaimStore = (db: Postgres, isPaused: SQL) => ({
  /** The kinds of which a job is due. */
  async listDueKinds(kinds: readonly string[], owner: string): Promise<string[]> {
    const rows = await db
      .selectDistinct({ kind: jobs.kind })
      .from(jobs)
      .where(and(inArray(jobs.kind, [...kinds]), dueFor(owner, isPaused)));
    return rows.map(({ kind }) => kind);
  },

  /** Takes jobs of a kind, the project's first that has the fewest running. The array makes the inner question asked once. */
  claim: ({ kind, owner, limit, leaseMs }: Claim): Promise<JobRow[]> =>
    db
      .update(jobs)
      .set({
        ...CHANGED,
        status: "running",
        owner,
        leasedUntil: after(leaseMs),
        startedAt: sql`coalesce(${jobs.startedAt}, ${NOW})`,
        interruptions: sql`${jobs.interruptions} + CASE WHEN ${jobs.status} = 'running' THEN 1 ELSE 0 END`,
      })
      .where(
        sql`${jobs.id} = ANY(ARRAY(
          SELECT id FROM jobs AS due WHERE kind = ${kind} AND ${dueFor(owner, isPaused)}
          ORDER BY (SELECT count(*) FROM jobs AS busy
            WHERE busy.status = 'running' AND busy.kind = due.kind AND busy.project_id = due.project_id), run_at, id
          LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
      )
      .returning(),

  /** Renews this process's heartbeat. A row that is being written is skipped, because its own change renews it. */
  async extendLeases(owner: string, leaseMs: number): Promise<void> {
    await db
      .update(jobs)
      .set({ leasedUntil: after(leaseMs) })
      .where(
        sql`${jobs.id} = ANY(ARRAY(
          SELECT id FROM jobs WHERE owner = ${owner} AND status = 'running' FOR UPDATE SKIP LOCKED))`,
      );
  },

  listHeld: (owner: string) =>
    db
      .select({ id: jobs.id, cancelledAt: jobs.cancelledAt, isPaused: sql<boolean>`${isPaused}` })
      .from(jobs)
      .where(and(eq(jobs.owner, owner), eq(jobs.status, "running"))),

  /** For a process that has the database to itself: what ran when the one before it went away is due at once. */
  async endLeases(): Promise<void> {
    await db
      .update(jobs)
      .set({ leasedUntil: new Date(0) })
      .where(eq(jobs.status, "running"));
  },

  /** A recurring job that is due after more than two of its intervals was scheduled by a clock that was ahead. It runs now. */
  async followClock(): Promise<void> {
    await db
      .update(jobs)
      .set({ ...CHANGED, runAt: NOW })
      .where(sql`status = 'queued' AND run_at > now() + (2 * every_seconds + 600) * interval '1 second'`);
  },

  /** No process is left to clean up after these jobs. */
  async endCancelled(owner: string): Promise<void> {
    await db
      .update(jobs)
      .set({ ...CHANGED, ...LET_GO, status: "cancelled", endedAt: NOW })
      .where(sql`status = 'running' AND owner <> ${owner} AND leased_until < now() AND cancelled_at IS NOT NULL`);
  },

  async deleteEnded(days: number): Promise<void> {
    await db.delete(jobs).where(lt(jobs.endedAt, sql`now() - ${days} * interval '1 day'`));
  },
});
export type ClaimStore = ReturnType<typeof createClaimStore>;
