import type { Job, JobQuery } from "@treadle/contract";
import { and, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import { fromCursor, toPage } from "../../kernel/pages.ts";
import type { Postgres } from "../postgres/port.ts";
import { jobs } from "./schema.ts";

export type JobRow = typeof jobs.$inferSelect;

const ACTIVE = ["queued", "running"] as const;
const ENDED = ["done", "failed", "cancelled"] as const;
/** A change that was written earlier can be committed later; those who watch look back this far. */
const OVERLAP = sql`interval '5 seconds'`;

export const toJob = (row: JobRow): Job => ({
  jobId: row.id,
  kind: row.kind,
  title: row.title,
  subject: row.subject,
  status: row.status,
  isCancelling: row.status === "running" && row.cancelledAt !== null,
  progress: row.progress,
  result: row.result ?? null,
  error: row.error,
  failures: row.failures,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  runAt: row.runAt.toISOString(),
  everySeconds: row.everySeconds,
});

function statusesOf(status: JobQuery["status"]): readonly Job["status"][] | null {
  if (status === undefined) return null;
  if (status === "active") return ACTIVE;
  return status === "ended" ? ENDED : [status];
}

/** Queries for the list of jobs. */
export const createJobStore = (db: Postgres) => ({
  async find(projectId: string, jobId: string): Promise<JobRow | undefined> {
    const [row] = await db
      .select()
      .from(jobs)
      .where(and(eq(jobs.projectId, projectId), eq(jobs.id, jobId)));
    return row;
  },

  async list(projectId: string, query: JobQuery & { readonly limit: number; readonly cursor?: string | undefined }) {
    const { limit, cursor, kind, subject } = query;
    const statuses = statusesOf(query.status);
    const rows = await db
      .select()
      .from(jobs)
      .where(
        and(
          eq(jobs.projectId, projectId),
          statuses ? inArray(jobs.status, statuses) : undefined,
          kind === undefined ? undefined : eq(jobs.kind, kind),
          subject === undefined ? undefined : eq(jobs.subject, subject),
          cursor === undefined ? undefined : lt(jobs.id, String(fromCursor(cursor, 1)[0])),
        ),
      )
      // An id begins with its time.
      .orderBy(desc(jobs.id))
      .limit(limit + 1);
    const page = toPage(rows, limit, ({ id }) => [id]);
    return { items: page.items.map(toJob), nextCursor: page.nextCursor };
  },

  /** Changes since a time, with a short overlap. */
  listChanges: (projectId: string, after: Date) =>
    db
      .select()
      .from(jobs)
      .where(
        and(eq(jobs.projectId, projectId), gt(jobs.updatedAt, sql`${after.toISOString()}::timestamptz - ${OVERLAP}`)),
      )
      .orderBy(jobs.updatedAt, jobs.id),

  async now(): Promise<Date> {
    const { rows } = await db.execute<{ now: string }>(sql`SELECT clock_timestamp() AS now`);
    return new Date(rows[0]?.now ?? 0);
  },
});
