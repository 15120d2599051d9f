import { ApiError, type Client, type RequestFor } from "../client.ts";
import type { UploadedAnswer } from "./answer-items.ts";
import type { Run } from "./evaluation.ts";

const BATCH = 50;
const POLL_MS = 200;

/** Brings answers that were made here to the server, has them scored there, and gives the run when it is. */
export async function uploadRun(
  client: Client,
  { body, answers }: { body: RequestFor<"POST /api/v1/runs">["body"]; answers: readonly UploadedAnswer[] },
): Promise<Run> {
  const { runId } = await client.call("POST /api/v1/runs", { body });
  const params = { runId };
  for (let at = 0; at < answers.length; at += BATCH) {
    const batch = answers.slice(at, at + BATCH);
    await client.call("POST /api/v1/runs/:runId/answers", { params, body: { answers: batch } });
  }
  const { jobId } = await client.call("POST /api/v1/runs/:runId/finish", { params });
  await untilDone(client, jobId);
  return client.call("GET /api/v1/runs/:runId", { params });
}

async function untilDone(client: Client, jobId: string): Promise<void> {
  for (;;) {
    const { status, error, title } = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status === "done") return;
    if (status === "failed" || status === "cancelled")
      throw new ApiError({ status: 0, code: error?.code ?? status, message: `${title}: ${error?.message ?? status}` });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
