import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError } from "../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { DayReport } from "./day-report.tsx";
import { DayTimeline } from "./day-timeline.tsx";
import { DriftStatus } from "./drift-words.tsx";
import { InvestigationSection } from "./investigation-section.tsx";
import { ReferenceSection } from "./reference-section.tsx";
import { SignalTable } from "./signal-table.tsx";
import { type DriftRun, type DriftWatch, useDriftRuns, useDriftWatch } from "./use-drift.ts";
import { WatchActions } from "./watch-actions.tsx";

const route = getRouteApi("/shell/drift/$driftWatchId");

/** One drift watch: its days, signals, explanations, texts and investigations. */
export function DriftWatchPage() {
  const { driftWatchId } = route.useParams();
  const watch = useDriftWatch(driftWatchId);
  const back = <BackLink to="/drift" label="Drift" />;
  const { data, error } = watch;
  if (error && !data) return <LoadFailure error={error} retry={() => watch.refetch()} back={back} />;
  return (
    <>
      <PageHeader
        title={data?.name ?? "Drift watch"}
        back={back}
        beside={data && <HeaderStatus watch={data} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <WatchActions watch={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts watch={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const HeaderStatus = ({ watch }: { watch: DriftWatch }) => (
  <span className="ml-2">
    <DriftStatus watch={watch} />
  </span>
);

const LoadFailure = ({ error, retry, back }: { error: Error; retry: () => void; back: ReactNode }) => (
  <>
    <PageHeader title="Drift watch" back={back} />
    {error instanceof ApiError && error.status === 404 ? (
      <EmptyState title="Drift watch not found">It may have been deleted, or it belongs to another project.</EmptyState>
    ) : (
      <ErrorState error={error} retry={retry} />
    )}
  </>
);

function wordsOf({ side, endpoint, filter, sampleSize }: DriftWatch): string {
  const calls = endpoint === "" ? "all model calls" : endpoint;
  const narrowed = filter === "" ? "" : `, narrowed to ${filter}`;
  return `${side === "inputs" ? "User messages" : "Responses"} of ${calls}${narrowed}. Up to ${sampleSize} texts per day.`;
}

function Parts({ watch }: { watch: DriftWatch }) {
  const runs = useDriftRuns(watch.driftWatchId);
  const { day } = route.useSearch();
  const { data, error } = runs;
  if (error && !data)
    return <ErrorState error={error} retry={() => runs.refetch()} title="The days could not be loaded" />;
  if (!data) return <Skeleton className="h-52 rounded-card" />;
  const shown = data.find((run) => run.day === day) ?? data.at(-1);
  return (
    <>
      <InvestigationSection watch={watch} />
      {shown ? <Days watch={watch} runs={data} shown={shown} /> : <NoRuns />}
      <ReferenceSection watch={watch} />
    </>
  );
}

const NoRuns = () => (
  <EmptyState title="No runs yet">
    The watch runs every day after midnight UTC. Run it now to compare yesterday.
  </EmptyState>
);

function Days({ watch, runs, shown }: { watch: DriftWatch; runs: readonly DriftRun[]; shown: DriftRun }) {
  return (
    <>
      <DayTimeline driftWatchId={watch.driftWatchId} runs={runs} shown={shown} />
      <DayReport watch={watch} run={shown} />
      {shown.signals.length > 0 && <SignalTable runs={runs} shown={shown} />}
    </>
  );
}
