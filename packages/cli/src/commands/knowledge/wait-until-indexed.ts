import { setTimeout as delay } from "node:timers/promises";
import { ApiError, type Client, readAllPages } from "@treadle/sdk";

const POLL_MS = 500;
const STATES = ["failed", "quarantined"] as const;

type Wait = { readonly knowledgeBaseId: string; readonly isQuiet: boolean };
type Problem = { readonly name: string; readonly documentId: string; readonly error: string };

/** Waits until the jobs of a knowledge base have ended. Throws if one was stopped. An interrupt does not cancel it. */
export async function waitForIndex(client: Client, { knowledgeBaseId, isQuiet }: Wait): Promise<void> {
  const { showBar, showLines } = await import("../../shared/show-job.ts");
  const { show, end } = process.stderr.isTTY ? showBar() : showLines();
  try {
    for (;;) {
      const { job } = await client.call("GET /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId } });
      if (!job) return;
      const { jobId } = job;
      const current = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
      if (!isQuiet) show(current);
      if (current.status === "failed" || current.status === "cancelled") throw stopped(current);
      await delay(POLL_MS);
    }
  } finally {
    end();
  }
}

const stopped = ({ title, status, error }: { title: string; status: string; error: { message: string } | null }) =>
  new ApiError({ status: 0, code: status, message: `${title}: ${error?.message ?? `the job was ${status}`}` });

/** Those of the documents that no search finds, with the reasons. */
export async function listProblems(
  client: Client,
  knowledgeBaseId: string,
  documentIds: ReadonlySet<string>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const state of STATES) {
    const { items } = await readAllPages((query) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId/documents", {
        params: { knowledgeBaseId },
        query: { ...query, state },
      }),
    );
    for (const { documentId, uri: name, error } of items)
      if (documentIds.has(documentId)) problems.push({ name, documentId, error: error ?? state });
  }
  return problems;
}
