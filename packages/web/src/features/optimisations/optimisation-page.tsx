import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../api.ts";
import { formatCount } from "../../components/format.ts";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { spentWords } from "../experiments/index.ts";
import { CandidateView } from "./candidate-view.tsx";
import { CurveChart } from "./curve-chart.tsx";
import { ItemsTab } from "./items-tab.tsx";
import { LineageTree } from "./lineage-tree.tsx";
import { OptimisationProgress } from "./optimisation-progress.tsx";
import { type OptimisationSearch, TABS, tabOf } from "./optimisation-search.ts";
import { OptimisationStatus } from "./optimisation-status.tsx";
import { ParetoChart } from "./pareto-chart.tsx";
import { RefusedList } from "./refused-list.tsx";
import { TestPanel } from "./test-panel.tsx";
import { type Optimisation, useOptimisation } from "./use-optimisations.ts";
import { METHODS } from "./words.ts";

const route = getRouteApi("/shell/optimisations/$optimisationId");

/** One search for a better prompt: what came of it, how, and on which items. Live while it runs. */
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
          <EmptyState title="There is no such search">It may belong to another project.</EmptyState>
        ) : (
          <ErrorState error={error} retry={() => refetch()} title="The search could not be loaded" />
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
            label="Parts of the search"
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
      {METHODS[method]} makes <span className="font-medium">{scorer}</span> better, from{" "}
      <Link
        to="/prompts/$name"
        params={{ name: prompt.name }}
        search={{ version: String(prompt.version) }}
        className="underline underline-offset-2"
      >
        {prompt.name} version {prompt.version}
      </Link>
      , answered by {model} over{" "}
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
          in {formatCount(parts.feedback)} + {formatCount(parts.selection)} + {formatCount(parts.test)} items
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
      {test && <TestPanel {...{ optimisation, test }} />}
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
      <EmptyState title="No candidate yet">
        The first prompt answers the test and the selection third before others are made.
      </EmptyState>
    );
  return (
    <>
      <div className="grid grid-cols-[22rem_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        <LineageTree {...{ optimisation, shown: shown.candidate }} />
        <CandidateView key={shown.candidate} {...{ optimisation, candidate: shown }} />
      </div>
      <RefusedList refused={refused} />
    </>
  );
}
