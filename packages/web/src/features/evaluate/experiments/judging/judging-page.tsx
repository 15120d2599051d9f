import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { RunPanel, useRunLifecycle } from "../../../system/jobs/index.ts";
import { spentWords } from "../shared/experiment-progress.tsx";
import type { VerdictSearch } from "../shared/experiment-search.ts";
import { stopWords } from "../shared/words.ts";
import { JudgingBoard } from "./judging-board.tsx";
import { JudgingResult } from "./judging-result.tsx";
import { JudgingVerdicts } from "./judging-verdicts.tsx";
import { type Judging, useJudging, useJudgingChanges } from "./use-judgings.ts";

const route = getRouteApi("/shell/experiments/judgings/$judgingId");

/** A pairwise comparison of runs by a judge: progress, result, position bias and verdicts. */
export function JudgingPage() {
  const { judgingId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: judging, error, refetch } = useJudging(judgingId);
  const change = useListAddress<VerdictSearch>(
    search,
    ["open"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title="Pairwise comparison"
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
            {judging.done > 0 && <JudgingVerdicts judging={judging} search={search} change={change} />}
            <p className="num text-xs text-muted">{spentWords(judging)}</p>
          </>
        ) : error instanceof ApiError && error.status === 404 ? (
          <EmptyState title="Comparison not found">It may belong to another project.</EmptyState>
        ) : error ? (
          <ErrorState error={error} retry={() => refetch()} title="The comparison could not be loaded" />
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
      Judge: <span className="font-medium">{judge.name}</span>
      {judge.version !== null && `, version ${judge.version}`} ({judge.model}
      {items !== null && `, ${formatNumberOf(items, "item")}`}
      {leftOut ? `, ${formatNumberOf(leftOut, "item")} without answers from all runs left out` : ""}).{" "}
      <Link
        to="/experiments/compare"
        search={{ base: base?.runId, heads: heads.map(({ runId }) => runId).join(",") }}
        className="underline underline-offset-2"
      >
        Compare runs
      </Link>
    </>
  );
}

/** The progress, or why the comparison ended early. */
function Progress({ judging }: { judging: Judging }) {
  const { cancel, resume } = useJudgingChanges();
  const run = useRunLifecycle({
    id: judging.judgingId,
    run: judging,
    reload: ["judgings"],
    permission: "experiments:write",
    cancel,
    resume,
  });
  return <RunPanel run={run} ended={endOf(judging)} />;
}

/** Undefined for a comparison that finished without failures. */
function endOf({ status, stopped, error, result }: Judging) {
  const failed = result?.pairs.reduce((sum, pair) => sum + pair.failed, 0) ?? 0;
  const isEarly = status !== "done" || stopped !== "finished";
  if (!isEarly && failed === 0) return undefined;
  const reason =
    error ??
    (status === "cancelled"
      ? "The comparison was canceled."
      : isEarly
        ? stopWords(stopped)
        : `The judge failed on ${formatNumberOf(failed, "pair")}.`);
  return {
    tone: status === "failed" ? "bad" : "warn",
    words: isEarly ? `${reason} The verdicts so far are shown below.` : reason,
    resume: isEarly ? "Resume" : "Retry",
  } as const;
}
