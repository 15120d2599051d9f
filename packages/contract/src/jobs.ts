import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const JOB_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const JobProgress = z.object({
  done: z.number().min(0),
  total: z.number().min(0).nullable().describe("Null while nobody knows how much there is."),
  unit: z.string().describe("What is counted, in the plural, such as `rows`; empty when nothing is."),
  message: z.string().describe("What is being done right now, for people."),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** Long work that goes on by itself: it survives a restart, shows how far it is and can be cancelled. */
export const Job = z.object({
  id: z.string(),
  kind: z.string().describe("Such as `dataset-import`."),
  title: z.string().describe("What it does, for people."),
  subject: z.string().nullable().describe("The id of what it works on, such as a dataset."),
  status: z.enum(JOB_STATUSES),
  isCancelling: z.boolean().describe("It was told to stop and is putting its things away."),
  progress: JobProgress,
  result: z.unknown().describe("What the work gave; null until it is done."),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe("Why it failed, or why the last try did while it waits for the next one."),
  failures: z.number().describe("Tries that failed."),
  createdBy: z.string().describe("The user id, the API key id, or `system`."),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  runAt: Timestamp.describe("A queued job is not begun before this time."),
  everySeconds: z.number().nullable().describe("Set for a job that begins again this long after it is done."),
});
export type Job = z.infer<typeof Job>;

const params = z.object({ jobId: z.string() });

export const JobQuery = z.object({
  status: z
    .enum(["active", "ended", ...JOB_STATUSES])
    .optional()
    .describe("`active` is queued or running."),
  kind: z.string().max(120).optional(),
  subject: z.string().max(120).optional(),
});
export type JobQuery = z.output<typeof JobQuery>;

export const jobsApi = defineApi({
  "GET /api/v1/jobs": {
    name: "listJobs",
    summary: "Long work of the project, newest first",
    permission: "jobs:read",
    query: PageQuery.extend(JobQuery.shape),
    response: pageOf(Job),
  },
  "GET /api/v1/jobs/live": {
    name: "watchJobs",
    summary: "Jobs as they change, as server-sent events; with `jobId` that job from how it is now until it ends",
    permission: "jobs:read",
    query: z.object({ jobId: z.string().max(120).optional() }),
    response: Job,
    answer: "events",
  },
  "GET /api/v1/jobs/:jobId": {
    name: "getJob",
    summary: "One job: how far it is, what it gave or why it failed",
    permission: "jobs:read",
    params,
    response: Job,
  },
  "POST /api/v1/jobs/:jobId/cancel": {
    name: "cancelJob",
    summary: "Stop a job; one that runs is told at once and ends when it has put its things away",
    permission: "jobs:write",
    params,
    response: Job,
  },
  "POST /api/v1/jobs/:jobId/retry": {
    name: "retryJob",
    summary: "Run a job again that failed or was cancelled; it goes on where it stopped",
    permission: "jobs:write",
    params,
    response: Job,
  },
});
