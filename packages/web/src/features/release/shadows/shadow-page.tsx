import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { CountsSection } from "./counts-section.tsx";
import { PairsSection } from "./pairs-section.tsx";
import { ResultsSections } from "./results-sections.tsx";
import { ShadowActions } from "./shadow-actions.tsx";
import { ShadowState, toneOf } from "./shadow-state.tsx";
import { type ShadowWithResults, useShadow } from "./use-shadows.ts";

const route = getRouteApi("/shell/shadows/$shadowId");

/** One shadow: what it mirrored, the paired results, and the pairs. Updates while it runs. */
export function ShadowPage() {
  const { shadowId } = route.useParams();
  const { data, error, refetch } = useShadow(shadowId);
  const back = <BackLink to="/shadows" label="Shadows" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="Shadow" back={back} />
        <LoadFailure error={error} retry={() => refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data ? `${data.endpoint}: ${data.candidate}` : "Shadow"}
        back={back}
        beside={data && <HeaderState shadow={data} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <ShadowActions shadow={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts shadow={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState title="Shadow not found">It belongs to another project, or the address is wrong.</EmptyState>;
  return <ErrorState error={error} retry={retry} />;
}

const HeaderState = ({ shadow }: { shadow: ShadowWithResults }) => (
  <span className="ml-2">
    <ShadowState state={shadow.state} />
  </span>
);

const wordsOf = ({ candidate, share, sampleBy }: ShadowWithResults): string =>
  `${candidate} repeats ${formatPercent(share)} of the ${sampleBy === "unit" ? "units" : "requests"}. Callers do not see its answers.`;

function Parts({ shadow }: { shadow: ShadowWithResults }) {
  const { message, results } = shadow;
  return (
    <>
      {message && <RunEnd tone={toneOf(shadow)} words={message} />}
      {(results.candidateConfigurations > 1 || results.primaryConfigurations > 1) && (
        <RunEnd
          tone="warn"
          words={`The pairs come from ${results.primaryConfigurations} configurations of the primary and ${results.candidateConfigurations} of the candidate. Start a new shadow to compare one with one.`}
        />
      )}
      <CountsSection shadow={shadow} />
      <ResultsSections results={results} />
      <PairsSection shadow={shadow} />
    </>
  );
}
