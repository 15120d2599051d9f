import type { DriftRun, JobStatus } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { DriftDeps } from "./stores/deps.ts";
import type { RunHead, RunRow } from "./stores/run-store.ts";

type End = Pick<DriftRun, "state" | "error">;
const STATES: Readonly<Record<JobStatus, DriftRun["state"]>> = {
  queued: "running",
  running: "running",
  // The result is stored before the job ends.
  done: "running",
  failed: "failed",
  cancelled: "failed",
};

/** The state of a run. Without a result it is the state of its job, which can be repeated after it failed. */
export async function endOf(jobs: DriftDeps["jobs"], scope: Scope, run: RunHead | RunRow): Promise<End> {
  if (run.result) return { state: "done", error: null };
  const job = await jobs.get(scope, run.jobId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (!job) return { state: "failed", error: "The job of the run no longer exists. Run it again." };
  const state = STATES[job.status];
  if (state !== "failed") return { state, error: null };
  return { state, error: job.status === "cancelled" ? "The run was cancelled." : (job.error?.message ?? "") };
}

export async function toRun(jobs: DriftDeps["jobs"], scope: Scope, run: RunHead | RunRow): Promise<DriftRun> {
  const { result } = run;
  return {
    day: run.day,
    ...(await endOf(jobs, scope, run)),
    verdict: run.verdict,
    jobId: run.jobId,
    referenceVersion: run.referenceVersion,
    referenceTexts: result?.referenceTexts ?? 0,
    currentTexts: result?.currentTexts ?? 0,
    matching: result?.matching ?? 0,
    summary: result?.summary ?? [],
    signals: result?.signals ?? [],
    explanations: result?.explanations ?? [],
    embeddedTexts: result?.embeddedTexts ?? 0,
    durationMs: result?.durationMs ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
