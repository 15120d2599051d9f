import { Link } from "@tanstack/react-router";
import { CircleAlert, Lock, SearchX } from "lucide-react";
import { explain } from "../../api.ts";
import { Button, buttonLook, Spinner } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { RowsSkeleton } from "../../components/list-rows.tsx";
import { EmptyState } from "../../components/states.tsx";
import type { TableLayout } from "../../components/table-layout.ts";
import { findProblem, hasFilter, type TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";
import { FEW, MANY } from "./meaning-search.ts";
import { doingOf, shownOf, summaryOf, troubleOf } from "./similar-words.ts";
import { type SimilarSpan, useEmbeddingModel, type useSimilar } from "./use-similar.ts";

type Search = ReturnType<typeof useSimilar>;

type SummaryProps = { search: Search; among: number; total: number | undefined; widen: () => void };

/** Above the rows: what was compared, and how to go on where that was not all. */
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
              {isFetching ? "Comparing…" : "Go on comparing"}
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

/** What stands in place of the rows while there are none: what is being done, why it failed, or why it is empty. */
export function SimilarState({ search, among, filter, layout }: StateProps) {
  const project = useProject();
  const problem = findProblem(filter);
  if (!project.can("traces:read")) {
    return (
      <EmptyState title="You may not look through these spans" icon={<Lock size={22} />}>
        Ask an owner or an admin of the project for the right to read its traces.
      </EmptyState>
    );
  }
  if (problem) {
    return (
      <EmptyState title="The filter cannot be used" icon={<CircleAlert size={22} />}>
        {problem.message}
      </EmptyState>
    );
  }
  if (search.error && !search.isFetching) return <SimilarTrouble search={search} />;
  if (!search.data) return <Comparing search={search} among={among} layout={layout} />;
  if (search.data.isPartial) {
    return (
      <EmptyState title="Time was up before a span was compared" icon={<SearchX size={22} />}>
        Go on comparing: what was read so far need not be read again.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No span to compare" icon={<SearchX size={22} />}>
      {hasFilter(filter) ? "No span that the filter keeps in this time" : "No span of this time"} holds an input or an
      output. {hasFilter(filter) ? "Take a condition away, or choose" : "Choose"} a longer time at the top right.
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
            {canRetry && <Button onClick={() => refetch()}>Try again</Button>}
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
