import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { spentWords } from "./experiment-progress.tsx";
import type { VerdictSearch } from "./experiment-search.ts";
import { JudgingBoard } from "./judging-board.tsx";
import { JudgingResult } from "./judging-result.tsx";
import { JudgingVerdicts } from "./judging-verdicts.tsx";
import { type Judging, useJudging, useJudgingChanges, useJudgingJob } from "./use-judgings.ts";
import { stopWords } from "./words.ts";

const route = getRouteApi("/shell/experiments/judgings/$judgingId");

/** Runs that a judge held against each other: how far it is, who won, whether the order decided, and every verdict. */
export function JudgingPage() {
  const { judgingId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: judging, error, refetch } = useJudging(judgingId);
  const change = (next: VerdictSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title="Judged against each other"
        back={<BackLink to="/experiments" label="Experiments" />}
        description={judging ? <Ends judging={judging} /> : <Skeleton className="h-4 w-60" />}
      />
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {judging ? (
          <>
            <Progress judging={judging} />
            {judging.warnings.map((warning) => (
              <p key={warning} className="rounded-control bg-warn-soft px-3 py-2">
                {warning}
              </p>
            ))}
            <JudgingBoard judging={judging} />
            <JudgingResult judging={judging} onOpen={(pair) => change({ pair, open: undefined })} />
            {judging.done > 0 && <JudgingVerdicts {...{ judging, search, change }} />}
            <p className="num text-xs text-muted">{spentWords(judging)}</p>
          </>
        ) : error instanceof ApiError && error.status === 404 ? (
          <EmptyState title="There is no such judging">It may belong to another project.</EmptyState>
        ) : error ? (
          <ErrorState error={error} retry={() => refetch()} title="The judging could not be loaded" />
        ) : (
          <Skeleton className="h-52 rounded-card" />
        )}
      </div>
    </div>
  );
}

function Ends({ judging: { runs, judge, items, leftOut } }: { judging: Judging }) {
  const [base, ...heads] = runs;
  return (
    <>
      By <span className="font-medium">{judge.name}</span>
      {judge.version !== null && `, version ${judge.version}`} ({judge.model}
      {items !== null && `, ${formatNumberOf(items, "item")}`}
      {leftOut ? `, ${formatNumberOf(leftOut, "item")} left out that not every run answered` : ""}).{" "}
      <Link
        to="/experiments/compare"
        search={{ base: base?.runId, heads: heads.map(({ runId }) => runId).join(",") }}
        className="underline underline-offset-2"
      >
        Compare the runs
      </Link>
    </>
  );
}

/** How far it is, or why it ended before every pair was judged. */
function Progress({ judging }: { judging: Judging }) {
  const { can } = useProject();
  const { cancel, resume } = useJudgingChanges();
  const on = useJudgingJob(judging);
  const { judgingId, status, stopped, error, result } = judging;
  const canWrite = can("experiments:write");
  if (on)
    return (
      <div className="card p-4">
        {on.job ? (
          <JobProgress
            job={on.job}
            onCancel={canWrite ? () => cancel.mutate(judgingId) : undefined}
            isBusy={cancel.isPending}
          />
        ) : (
          <p className="text-muted">Waiting for its turn.</p>
        )}
      </div>
    );
  const failed = result?.pairs.reduce((sum, pair) => sum + pair.failed, 0) ?? 0;
  const isEarly = status !== "done" || stopped !== "finished";
  if (!isEarly && failed === 0) return null;
  const words =
    error ??
    (status === "cancelled"
      ? "It was cancelled."
      : isEarly
        ? stopWords(stopped)
        : `${formatNumberOf(failed, "pair")} could not be judged.`);
  return (
    <div
      role="status"
      className={`flex flex-wrap items-center gap-3 rounded-control px-3 py-2 ${status === "failed" ? "bg-bad-soft" : "bg-warn-soft"}`}
    >
      <p className="min-w-0 grow [overflow-wrap:anywhere]">
        {words} {isEarly && "What was judged until then is below."}
      </p>
      {canWrite && (
        <Button size="small" isBusy={resume.isPending} onClick={() => resume.mutate(judgingId)}>
          {isEarly ? "Go on" : "Ask again"}
        </Button>
      )}
    </div>
  );
}
