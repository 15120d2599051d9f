import type { Job, JobProgress } from "@treadle/contract";
import { and, eq, sql } from "drizzle-orm";
import type { Postgres } from "../postgres/port.ts";
import { after, CHANGED, LET_GO, NOW } from "./columns.ts";
import { jobs } from "./schema.ts";

/** A job that this process runs. Nothing is written if another process has taken it since. */
export type Held = { readonly jobId: string; readonly owner: string };
type Saved = { readonly state: unknown; readonly progress: JobProgress; readonly leaseMs: number };
type Ending = {
  readonly status: "done" | "failed" | "cancelled";
  readonly result: unknown;
  readonly error: Job["error"];
  readonly failures: number;
  readonly progress: JobProgress;
};
type PutBack = Omit<Ending, "status"> & {
  readonly waitMs: number;
  /** Whether the next run is a new one, and does not continue this one's state. */
  readonly isAnew: boolean;
};

const heldBy = ({ jobId, owner }: Held) => and(eq(jobs.id, jobId), eq(jobs.owner, owner), eq(jobs.status, "running"));

/** Writes of an active run. */
export const createHeldStore = (db: Postgres) => ({
  /** Whether the job is still this process's. */
  async saveProgress(held: Held, progress: JobProgress): Promise<boolean> {
    const rows = await db
      .update(jobs)
      .set({ ...CHANGED, progress })
      .where(heldBy(held))
      .returning({ id: jobs.id });
    return rows.length > 0;
  },

  async saveState(held: Held, { state, progress, leaseMs }: Saved): Promise<boolean> {
    const rows = await db
      .update(jobs)
      .set({ ...CHANGED, state, progress, interruptions: 0, leasedUntil: after(leaseMs) })
      .where(heldBy(held))
      .returning({ id: jobs.id });
    return rows.length > 0;
  },

  async end(held: Held, { status, result, error, failures, progress }: Ending): Promise<void> {
    const isOver = { ...CHANGED, ...LET_GO, endedAt: NOW };
    await db
      .update(jobs)
      .set({ ...isOver, status, result, error, failures, progress })
      .where(heldBy(held));
  },

  /** Puts the job back, to be taken up no earlier than after `waitMs`. */
  async putBack(held: Held, { waitMs, error, failures, progress, ...rest }: PutBack): Promise<void> {
    const afresh = rest.isAnew ? { state: null, startedAt: null, result: rest.result } : {};
    const isCancelled = sql`${jobs.cancelledAt} IS NOT NULL`;
    await db
      .update(jobs)
      .set({
        ...CHANGED,
        ...LET_GO,
        ...afresh,
        // Canceled while it was being released: then no process runs it again.
        status: sql`CASE WHEN ${isCancelled} THEN 'cancelled' ELSE 'queued' END`,
        endedAt: sql`CASE WHEN ${isCancelled} THEN ${NOW} END`,
        runAt: after(waitMs),
        error,
        failures,
        progress,
      })
      .where(heldBy(held));
  },
});
export type HeldStore = ReturnType<typeof createHeldStore>;
