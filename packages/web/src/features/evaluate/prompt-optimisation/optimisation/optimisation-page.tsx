import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { spentWords } from "../../experiments/index.ts";
import { type OptimisationSearch, TABS, tabOf } from "../shared/optimisation-search.ts";
import { OptimisationStatus } from "../shared/optimisation-status.tsx";
import { type Optimisation, useOptimisation } from "../shared/use-optimisations.ts";
import { METHODS } from "../shared/words.ts";
import { CandidateView } from "./candidate-view.tsx";
import { CurveChart } from "./curve-chart.tsx";
import { ItemsTab } from "./items-tab.tsx";
import { LineageTree } from "./lineage-tree.tsx";
import { OptimisationProgress } from "./optimisation-progress.tsx";
import { ParetoChart } from "./pareto-chart.tsx";
import { RefusedList } from "./refused-list.tsx";
import { TestPanel } from "./test-panel.tsx";

const route = getRouteApi("/shell/optimisations/$optimisationId");

/** One optimisation: result, candidates and items. Updates while it runs. */
export function OptimisationPage() {
  const { optimisationId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useOptimisation(optimisationId);
  const back = <BackLink to="/optimisations" label="Optimisations" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="Optimisation" back={back} />
        {error instanceof ApiError && error.status === 404 ? (
          <EmptyState title="Optimisation not found">It may belong to another project.</EmptyState>
        ) : (
          <ErrorState error={error} retry={() => refetch()} title="The optimisation could not be loaded" />
        )}
      </>
    );
  const tab = tabOf(search);
  const change = (next: OptimisationSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title={data?.name ?? "Optimisation"}
        back={back}
        beside={
          data && (
            <span className="ml-2">
              <OptimisationStatus status={data.status} />
            </span>
          )
        }
        description={data ? <About optimisation={data} /> : <Skeleton className="h-4 w-60" />}
      >
        <div className="-mb-3">
          <Tabs
            label="Optimisation sections"
            names={TABS}
            shown={tab}
            onShow={(name) => change({ tab: name === "Result" ? undefined : name.toLowerCase() })}
            note={(name) =>
              name === "Candidates" &&
              data && <span className="num text-xs">{formatCount(data.candidates.length)}</span>
            }
          />
        </div>
      </PageHeader>
      <div role="tabpanel" aria-label={tab} className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {data ? (
          <>
            <OptimisationProgress optimisation={data} />
            {tab === "Result" && <Result optimisation={data} />}
            {tab === "Candidates" && <Candidates optimisation={data} chosen={search.candidate} />}
            {tab === "Items" && <ItemsTab optimisation={data} />}
          </>
        ) : (
          <>
            <Skeleton className="h-20 rounded-card" />
            <Skeleton className="h-60 rounded-card" />
          </>
        )}
      </div>
    </div>
  );
}

function About({ optimisation }: { optimisation: Optimisation }) {
  const { prompt, method, scorer, dataset, model, parts } = optimisation;
  return (
    <>
      {METHODS[method]} improves <span className="font-medium">{scorer}</span> of{" "}
      <Link
        to="/prompts/$name"
        params={{ name: prompt.name }}
        search={{ version: String(prompt.version) }}
        className="underline underline-offset-2"
      >
        {prompt.name} version {prompt.version}
      </Link>
      , answered by {model} on{" "}
      <Link
        to="/datasets/$datasetId"
        params={{ datasetId: dataset.datasetId }}
        search={{ at: dataset.root }}
        className="underline underline-offset-2"
      >
        a dataset
      </Link>
      {parts && (
        <span className="num">
          {" "}
          with {formatCount(parts.feedback)} + {formatCount(parts.selection)} + {formatCount(parts.test)} items
        </span>
      )}
      .
    </>
  );
}

function Result({ optimisation }: { optimisation: Optimisation }) {
  const navigate = route.useNavigate();
  const { test, warnings } = optimisation;
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
      {test && <TestPanel optimisation={optimisation} test={test} />}
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        <CurveChart optimisation={optimisation} />
        <ParetoChart
          optimisation={optimisation}
          onOpen={(candidate) => void navigate({ search: { tab: "candidates", candidate: String(candidate) } })}
        />
      </div>
      <p className="num text-xs text-muted">{spentWords(optimisation)}</p>
    </>
  );
}

function Candidates({ optimisation, chosen }: { optimisation: Optimisation; chosen: string | undefined }) {
  const { candidates, best, refused } = optimisation;
  const shown = candidates[chosen === undefined ? (best ?? 0) : Number(chosen)] ?? candidates[0];
  if (!shown)
    return (
      <EmptyState title="No candidates yet">
        The first prompt answers the test and selection items before new candidates are created.
      </EmptyState>
    );
  return (
    <>
      <div className="grid grid-cols-[22rem_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        <LineageTree optimisation={optimisation} shown={shown.candidate} />
        <CandidateView key={shown.candidate} optimisation={optimisation} candidate={shown} />
      </div>
      <RefusedList refused={refused} />
    </>
  );
}
