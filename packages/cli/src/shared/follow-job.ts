import { setTimeout as delay } from "node:timers/promises";
import { type Answer, ApiError, type Client } from "@treadle/sdk";

type Job = Answer<"GET /api/v1/jobs/:jobId">;

const POLL_MS = 300;

/**
 * Waits for a job and shows how far it is on standard error. An interrupt cancels it on the server.
 * Throws when it has failed or was cancelled.
 */
export async function followJob(client: Client, jobId: string, { isQuiet }: { isQuiet: boolean }): Promise<Job> {
  // Loaded here, so that commands which follow nothing start sooner.
  const { showBar, showLines } = await import("./show-job.ts");
  const params = { jobId };
  const cancel = () =>
    void client.call("POST /api/v1/jobs/:jobId/cancel", { params }).catch(() => process.exit(INTERRUPTED));
  process.once("SIGINT", cancel);
  const { show, end } = process.stderr.isTTY ? showBar() : showLines();
  try {
    for (;;) {
      const job = await client.call("GET /api/v1/jobs/:jobId", { params });
      if (!isQuiet) show(job);
      if (job.status === "done") return job;
      if (job.status === "failed" || job.status === "cancelled") throw failureOf(job);
      await delay(POLL_MS);
    }
  } finally {
    end();
    process.removeListener("SIGINT", cancel);
  }
}

/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

const failureOf = ({ title, status, error }: Job) =>
  new ApiError({
    status: 0,
    code: error?.code ?? status,
    message: `${title}: ${error?.message ?? `the job was ${status}`}`,
  });
