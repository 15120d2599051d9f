import type { JobProgress } from "@treadle/contract";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../postgres/port.ts";
import { CHANGED, LET_GO, NOW } from "./columns.ts";
import { jobs } from "./schema.ts";
import type { JobRow } from "./store.ts";

type NewJob = Pick<JobRow, "id" | "projectId" | "kind" | "title" | "subject" | "key" | "payload" | "createdBy"> & {
  readonly everySeconds: number | null;
  /** Null for immediately. */
  readonly runAt: Date | null;
};

const ACTIVE = ["queued", "running"] as const;
const NOTHING_DONE: JobProgress = { done: 0, total: null, unit: "", message: "" };

/** State of an earlier run does not belong to the next one. */
const AFRESH = { startedAt: null, endedAt: null, cancelledAt: null, error: null, failures: 0, interruptions: 0 };

/** User requests: a job, its cancellation, a retry. */
export const createOrderStore = (db: Postgres) => ({
  /** Gives the id of the job that has the key already, if one does. */
  async create({ runAt, ...job }: NewJob): Promise<string> {
    for (;;) {
      const [made] = await db
        .insert(jobs)
        .values({
          ...job,
          status: "queued",
          progress: NOTHING_DONE,
          failures: 0,
          interruptions: 0,
          revision: 0,
          createdAt: NOW,
          updatedAt: NOW,
          runAt: runAt ?? NOW,
        })
        .onConflictDoNothing()
        .returning({ id: jobs.id });
      if (made) return made.id;
      const [known] = await db
        .select({ id: jobs.id })
        .from(jobs)
        .where(
          and(
            eq(jobs.projectId, job.projectId),
            eq(jobs.kind, job.kind),
            eq(jobs.key, job.key ?? ""),
            inArray(jobs.status, ACTIVE),
          ),
        );
      // None: it ended between the two statements.
      if (known) return known.id;
    }
  },

  /** Undefined if the job has ended. An active job is only notified. */
  async cancel(projectId: string, jobId: string): Promise<JobRow | undefined> {
    const isQueued = sql`${jobs.status} = 'queued'`;
    const [row] = await db
      .update(jobs)
      .set({
        ...CHANGED,
        status: sql`CASE WHEN ${isQueued} THEN 'cancelled' ELSE ${jobs.status} END`,
        cancelledAt: sql`coalesce(${jobs.cancelledAt}, ${NOW})`,
        endedAt: sql`CASE WHEN ${isQueued} THEN ${NOW} END`,
      })
      .where(and(eq(jobs.projectId, projectId), eq(jobs.id, jobId), inArray(jobs.status, ACTIVE)))
      .returning();
    return row;
  },

  /** Undefined when the job neither failed nor was cancelled. */
  async retry(projectId: string, jobId: string): Promise<JobRow | undefined> {
    const [row] = await db
      .update(jobs)
      .set({
        ...CHANGED,
        ...LET_GO,
        ...AFRESH,
        status: "queued",
        runAt: NOW,
      })
      .where(and(eq(jobs.projectId, projectId), eq(jobs.id, jobId), inArray(jobs.status, ["failed", "cancelled"])))
      .returning();
    return row;
  },
});
