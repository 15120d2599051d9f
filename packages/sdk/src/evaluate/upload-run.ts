import { ApiError, type Client, type RequestFor } from "../client.ts";
import type { UploadedAnswer } from "./answer-items.ts";
import type { Run, ScorerChoice, ScorerRef } from "./evaluation.ts";

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

/** A word is a kind with its defaults when there is one of that name, else a stored scorer, `name` or `name@3`. */
export async function findScorers(client: Client, given: readonly ScorerChoice[]): Promise<ScorerRef[]> {
  const { kinds } = await client.call("GET /api/v1/scorer-kinds");
  return given.map((one) => {
    if (typeof one !== "string") return one;
    if (kinds.some(({ kind }) => kind === one)) return { kind: one };
    const [, scorer = one, version] = /^(.*)@(\d+)$/s.exec(one) ?? [];
    return { scorer, ...(version !== undefined && { version: Number(version) }) };
  });
}
