import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { ProgressBar } from "../../../components/feedback/progress-bar.tsx";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { EvidenceChart } from "./evidence-chart.tsx";
import { ProbeActions } from "./probe-actions.tsx";
import { ProbeFacts } from "./probe-facts.tsx";
import { ProbeState } from "./probe-state.tsx";
import { PromptsSection } from "./prompts-section.tsx";
import { RunsSection } from "./runs-section.tsx";
import { SignalsSection } from "./signals-section.tsx";
import { SuspicionSection } from "./suspicion-section.tsx";
import { type Probe, useProbe } from "./use-probes.ts";

const route = getRouteApi("/shell/probes/$probeId");

/** One probe: its evidence over the days, the prompts with their answers, and what a person can do. */
export function ProbePage() {
  const { probeId } = route.useParams();
  const { data, error, refetch } = useProbe(probeId);
  const back = <BackLink to="/probes" label="Probes" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="Probe" back={back} />
        <LoadFailure error={error} retry={() => refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.name ?? "Probe"}
        back={back}
        beside={data && <HeaderState probe={data} />}
        description={data ? `${data.model}${data.region && ` · ${data.region}`}` : <Skeleton className="h-4 w-60" />}
        action={data && <ProbeActions probe={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts probe={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const HeaderState = ({ probe }: { probe: Probe }) => (
  <span className="ml-2">
    <ProbeState probe={probe} />
  </span>
);

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title="Probe not found">It belongs to another project, or the address is wrong.</EmptyState>;
  return <ErrorState error={error} retry={retry} />;
}

const Parts = ({ probe }: { probe: Probe }) => (
  <>
    {probe.lastError && <RunEnd tone="warn" words={probe.lastError} />}
    {probe.daysWithoutAnswers >= 3 && (
      <RunEnd
        tone="bad"
        words={`No answers in ${probe.daysWithoutAnswers} daily runs. Changes are not detected until the model answers.`}
      />
    )}
    {probe.notices.length > 0 && (
      <RunEnd tone={probe.state === "unsuited" ? "bad" : "neutral"} words={probe.notices.join(" ")} />
    )}
    <Progress probe={probe} />
    {probe.suspicion && <SuspicionSection probe={probe} suspicion={probe.suspicion} />}
    <ProbeFacts probe={probe} />
    {probe.stage === "daily" && <EvidenceChart probe={probe} />}
    {probe.stage === "daily" && <PromptsSection probe={probe} />}
    <SignalsSection probe={probe} />
    <RunsSection probe={probe} />
  </>
);

const STEPS = {
  selection: "Choosing prompts with two likely answers",
  samples: "Collecting samples for the second test",
  daily: "Making the calls of a run",
} as const;

function Progress({ probe: { stage, progress, isEnabled, state } }: { probe: Probe }) {
  if (!isEnabled || state === "unsuited" || (stage === "daily" && progress === null)) return null;
  const words = progress
    ? `${formatCount(progress.done)} of ${formatCount(progress.total)} calls`
    : "The calls start in a moment";
  return (
    <div className="card flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap justify-between gap-2">
        <span>{STEPS[stage]}</span>
        <span className="num text-muted">{words}</span>
      </div>
      <ProgressBar label={STEPS[stage]} value={progress ? progress.done / progress.total : undefined} />
    </div>
  );
}
