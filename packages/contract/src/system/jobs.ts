import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const JOB_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const JobProgress = z.object({
  done: z.number().min(0),
  total: z.number().min(0).nullable().describe("Null while the total is unknown."),
  unit: z.string().describe("The unit of the counts, in the plural, such as `rows`. Empty if there is none."),
  message: z.string().describe("The current step, in words."),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** Long-running work. It survives a restart, reports its progress and can be canceled. */
export const Job = z.object({
  jobId: z.string(),
  kind: z.string().describe("Such as `dataset-import`."),
  title: z.string().describe("What it does, for people."),
  subject: z.string().nullable().describe("The id of what it works on, such as a dataset."),
  status: z.enum(JOB_STATUSES),
  isCancelling: z.boolean().describe("Cancellation was requested, and the job is cleaning up."),
  progress: JobProgress,
  result: z.unknown().describe("The result. Null until the job is done."),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe("Why the job failed. While the job waits for a retry, why the last attempt failed."),
  failures: z.number().describe("The number of failed attempts."),
  createdBy: z.string().describe("The user id, the API key id, or `system`."),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  runAt: Timestamp.describe("The job does not start before this time."),
  everySeconds: z.number().nullable().describe("Set for a repeating job: the time between its end and its next start."),
});
export type Job = z.infer<typeof Job>;

const params = z.object({ jobId: z.string() });

export const JobQuery = z.object({
  status: z
    .enum(["active", "ended", ...JOB_STATUSES])
    .optional()
    .describe("`active` includes queued and running jobs."),
  kind: z.string().max(120).optional(),
  subject: z.string().max(120).optional(),
});
export type JobQuery = z.output<typeof JobQuery>;

export const jobsApi = defineApi({
  "GET /api/v1/jobs": {
    name: "listJobs",
    summary: "The jobs of the project, newest first",
    permission: "jobs:read",
    query: PageQuery.extend(JobQuery.shape),
    response: pageOf(Job),
  },
  "GET /api/v1/jobs/live": {
    name: "watchJobs",
    summary:
      "Jobs as they change, as server-sent events; with `jobId` only that job, from its current state until it ends",
    permission: "jobs:read",
    query: z.object({ jobId: z.string().max(120).optional() }),
    response: Job,
    answer: "events",
  },
  "GET /api/v1/jobs/:jobId": {
    name: "getJob",
    summary: "One job: its progress, and its result or error",
    permission: "jobs:read",
    description: "Jobs that have ended are stored for 30 days.",
    params,
    response: Job,
  },
  "POST /api/v1/jobs/:jobId/cancel": {
    name: "cancelJob",
    summary: "Cancel a job; a running job is notified immediately and ends after it has cleaned up",
    permission: "jobs:write",
    description: "`isCancelling` is true until the job has ended. A job that finishes first is `done`.",
    params,
    response: Job,
  },
  "POST /api/v1/jobs/:jobId/retry": {
    name: "retryJob",
    summary: "Retry a failed or canceled job; it continues where it stopped",
    permission: "jobs:write",
    description: "The job gets all of its attempts again.",
    params,
    response: Job,
  },
});
