import { Link } from "@tanstack/react-router";
import { CircleAlert, Lock, SearchX } from "lucide-react";
import { explain } from "../../../../api.ts";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook, Spinner } from "../../../../components/form/button.tsx";
import { RowsSkeleton } from "../../../../components/table/list-rows.tsx";
import type { TableLayout } from "../../../../components/table/table-layout.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { findProblem, hasFilter, type TraceFilter } from "../../filter/index.ts";
import { FEW, MANY } from "./meaning-search.ts";
import { doingOf, shownOf, summaryOf, troubleOf } from "./similar-words.ts";
import { type SimilarSpan, useEmbeddingModel, type useSimilar } from "./use-similar.ts";

type Search = ReturnType<typeof useSimilar>;

type SummaryProps = { search: Search; among: number; total: number | undefined; widen: () => void };

/** Above the rows: the compared spans, and how to continue if some are missing. */
export function SimilarSummary({ search, among, total, widen }: SummaryProps) {
  const { data, isFetching, isPlaceholderData, refetch } = search;
  if (!data || (data.comparedSpans === 0 && !data.isPartial && !isPlaceholderData)) return null;
  const isMore = !data.isPartial && among === FEW && total !== undefined && total > FEW;
  return (
    <div
      role="status"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-6 py-1.5 text-xs max-md:px-4"
    >
      {isPlaceholderData ? (
        <StillComparing search={search} among={among} />
      ) : (
        <>
          <span className="text-muted">
            {summaryOf({ ...data, among, total })} {shownOf(data.rows)}
          </span>
          {data.isPartial && (
            <Button size="small" isBusy={isFetching} onClick={() => refetch()}>
              {isFetching ? "Comparing…" : "Continue comparing"}
            </Button>
          )}
          {isMore && (
            <Button size="small" disabled={isFetching} onClick={widen}>
              Compare {total > MANY ? `the newest ${formatCount(MANY)}` : `all ${formatCount(total)}`}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** While rows of the search before this one still stand. */
function StillComparing({ search: { failureReason }, among }: Pick<SummaryProps, "search" | "among">) {
  const model = useEmbeddingModel(true);
  const [doing] = doingOf({ model, among, failure: failureReason });
  return (
    <span className="inline-flex items-center gap-2 text-muted">
      <Spinner /> {doing}
    </span>
  );
}

type StateProps = {
  search: Search;
  among: number;
  filter: TraceFilter;
  layout: TableLayout<SimilarSpan>;
};

/** Shown while there are no rows: the progress, an error or an empty state. */
export function SimilarState({ search, among, filter, layout }: StateProps) {
  const project = useProject();
  const problem = findProblem(filter);
  if (!project.can("traces:read") || !project.can("traces:content")) {
    return (
      <EmptyState title="You cannot search these spans" icon={<Lock size={22} />}>
        Ask a project owner or admin for permission to read the content of traces.
      </EmptyState>
    );
  }
  if (problem) {
    return (
      <EmptyState title="Invalid filter" icon={<CircleAlert size={22} />}>
        {problem.message}
      </EmptyState>
    );
  }
  if (search.error && !search.isFetching) return <SimilarTrouble search={search} />;
  if (!search.data) return <Comparing search={search} among={among} layout={layout} />;
  if (search.data.isPartial) {
    return (
      <EmptyState title="The search timed out before it compared a span" icon={<SearchX size={22} />}>
        Continue comparing. Treadle does not process finished texts again.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No spans to compare" icon={<SearchX size={22} />}>
      No {hasFilter(filter) && "matching "}span in this time range has an input or an output.{" "}
      {hasFilter(filter) ? "Remove a condition or choose" : "Choose"} a longer time range at the top right.
    </EmptyState>
  );
}

function Comparing({ search, among, layout }: Omit<StateProps, "filter">) {
  const model = useEmbeddingModel(true);
  const [doing, note] = doingOf({ model, among, failure: search.failureReason });
  return (
    <>
      <div role="status" className="flex shrink-0 items-center gap-3 border-line border-t px-6 py-3 max-md:px-4">
        <Spinner />
        <div className="min-w-0">
          <p className="font-medium">{doing}</p>
          <p className="text-muted text-pretty">{note}</p>
        </div>
      </div>
      <RowsSkeleton layout={layout} />
    </>
  );
}

function SimilarTrouble({ search: { error, refetch } }: { search: Search }) {
  const project = useProject();
  const { title, advice, isModel, canRetry } = troubleOf(error);
  return (
    <div role="alert">
      <EmptyState
        title={title}
        icon={canRetry ? <CircleAlert size={22} className="text-bad" /> : <Lock size={22} />}
        action={
          <>
            {canRetry && <Button onClick={() => refetch()}>Retry</Button>}
            {isModel && project.can("models:read") && (
              <Link to="/models" className={buttonLook("plain")}>
                Local models
              </Link>
            )}
          </>
        }
      >
        <p className="[overflow-wrap:anywhere]">{explain(error)}</p>
        {advice && <p className="mt-1">{advice}</p>}
      </EmptyState>
    </div>
  );
}
