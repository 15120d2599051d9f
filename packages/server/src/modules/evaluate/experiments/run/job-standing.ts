import type { Job } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";

type Deps = { readonly jobs: Pick<Jobs, "get" | "cancel">; readonly clock: Pick<Clock, "now"> };
/** The outcome of work whose job did not finish. `message` is null when a user cancelled it. */
export type Ending = {
  readonly status: "failed" | "cancelled";
  readonly message: string | null;
  readonly endedAt: Date;
};
export type Status = "queued" | "running" | "done" | "failed" | "cancelled";

export const isUnderWay = ({ status }: { readonly status: Status }): boolean =>
  status === "queued" || status === "running";

/** Throws `conflict` for what has ended. */
export function refuseEnded(row: { readonly status: Status }, what: string): void {
  if (!isUnderWay(row)) throw new AppError("conflict", { message: `${what} has ended: it is ${row.status}.` });
}

/**
 * The job behind running work, and the outcome when the job failed, was cancelled or is gone. The row itself cannot
 * show this.
 */
export async function standingOf(
  { jobs, clock }: Deps,
  scope: Scope,
  { jobId, what }: { readonly jobId: string; readonly what: string },
): Promise<{ readonly job: Job | null; readonly ending: Ending | null }> {
  const job = await jobs.get(scope, jobId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (job !== null && job.status !== "failed" && job.status !== "cancelled") return { job, ending: null };
  const status = job?.status === "cancelled" ? "cancelled" : "failed";
  const message = status === "failed" ? (job?.error?.message ?? `The job of ${what} no longer exists.`) : null;
  return { job, ending: { status, message, endedAt: new Date(job?.endedAt ?? clock.now()) } };
}

type Search = {
  readonly id: string;
  readonly jobId: string;
  readonly status: Status;
  readonly message: string;
  readonly endedAt: Date | null;
};
type Changes = Pick<Search, "status" | "message" | "endedAt">;
type Searches<Row extends Search> = Deps & {
  listActive(projectId: string): Promise<readonly Row[]>;
  update(projectId: string, id: string, changes: Changes): Promise<void>;
};

/** The state of searches by their jobs, such as bisects and optimisations: an end is recorded when it is first read. */
export function createSearchSettling<Row extends Search>({ listActive, update, ...deps }: Searches<Row>) {
  async function settle(scope: Scope, row: Row): Promise<Row> {
    if (!isUnderWay(row)) return row;
    const { ending } = await standingOf(deps, scope, { jobId: row.jobId, what: "the search" });
    if (ending === null) return row;
    const changes: Changes = { ...ending, message: ending.message ?? "It was canceled." };
    await update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }

  return {
    settle,
    async settleAll(scope: Scope): Promise<void> {
      for (const row of await listActive(scope.projectId)) await settle(scope, row);
    },
    /** Has the job stop soon. Throws `conflict` when the search has ended. */
    async cancel(scope: Scope, row: Row): Promise<void> {
      refuseEnded(row, "The search");
      await deps.jobs.cancel(scope, row.jobId);
    },
  };
}
