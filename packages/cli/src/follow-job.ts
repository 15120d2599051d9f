import { setTimeout as delay } from "node:timers/promises";
import { type Answer, ApiError, type Client } from "@treadle/sdk";

type Job = Answer<"GET /api/v1/jobs/:jobId">;

const POLL_MS = 300;

/**
 * Waits for a job and shows how far it is on standard error. An interrupt cancels it on the server.
 * Throws when it has failed or was cancelled.
 */
export async function followJob(client: Client, jobId: string, { isQuiet }: { isQuiet: boolean }): Promise<Job> {
  const params = { jobId };
  const cancel = () =>
    void client.call("POST /api/v1/jobs/:jobId/cancel", { params }).catch(() => process.exit(INTERRUPTED));
  process.once("SIGINT", cancel);
  let last = "";
  try {
    for (;;) {
      const job = await client.call("GET /api/v1/jobs/:jobId", { params });
      const line = lineOf(job);
      if (!isQuiet && line !== last) process.stderr.write(`${line}\n`);
      last = line;
      if (job.status === "done") return job;
      if (job.status === "failed" || job.status === "cancelled") throw failureOf(job);
      await delay(POLL_MS);
    }
  } finally {
    process.removeListener("SIGINT", cancel);
  }
}

/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

/** A line for each step and each tenth of the way. */
function lineOf({ title, status, progress: { done, total, message, unit } }: Job): string {
  if (status !== "running") return `${title}: ${status}`;
  const share = total ? `, ${Math.floor((done / total) * 10) * 10} % of ${total} ${unit}` : "";
  return `${title}: ${message || "running"}${share}`;
}

const failureOf = ({ title, status, error }: Job) =>
  new ApiError({
    status: 0,
    code: error?.code ?? status,
    message: `${title}: ${error?.message ?? `the job was ${status}`}`,
  });
