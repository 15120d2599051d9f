import type { Job, RetrievalRun } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";

type State = Pick<RetrievalRun, "state" | "error">;

/** A run with the state of its job. The summary is stored before the job ends. */
export function createPresent({ db, jobs }: RetrievalDeps) {
  const store = createRunStore(db);
  return async (scope: Scope, row: RunRow): Promise<RetrievalRun> => {
    const { summary } = row;
    const job = summary ? null : await orNull(jobs.get(scope, row.jobId));
    const answered = summary?.questions ?? (await store.countResults(row.id));
    return {
      ...presentSettings(row),
      ...(summary ? { state: "done", error: null } : stateOf(job)),
      ...presentSummary(row),
      answered,
    };
  };
}

const presentSettings = ({
  id,
  setId,
  baseId,
  gridId,
  name,
  version,
  settings,
  jobId,
  createdBy,
  createdAt,
}: RunRow) => ({
  retrievalRunId: id,
  questionSetId: setId,
  knowledgeBaseId: baseId,
  gridId,
  name,
  version,
  ...settings,
  principals: [...settings.principals],
  jobId,
  createdBy,
  createdAt: createdAt.toISOString(),
});

const presentSummary = ({ summary, settings }: RunRow) => ({
  questions: summary?.questions ?? settings.questions,
  failures: summary?.failures ?? 0,
  lostJudgements: summary?.lostJudgements ?? 0,
  measures: summary?.measures ?? [],
  latencyP50Ms: summary?.latencyP50Ms ?? null,
  latencyP95Ms: summary?.latencyP95Ms ?? null,
  answerThreshold: summary?.answerThreshold ?? null,
});

function stateOf(job: Job | null): State {
  if (!job) return { state: "failed", error: "The job of the run no longer exists. Start another run." };
  const { status, error } = job;
  if (status === "done") return { state: "running", error: null };
  return { state: status, error: status === "failed" ? (error?.message ?? null) : null };
}

async function orNull(job: Promise<Job>): Promise<Job | null> {
  try {
    return await job;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
