import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { ItemsView } from "../items/items-view.tsx";
import { ResultsTab } from "../results/results-tab.tsx";
import { SlicesView } from "../results/slices-view.tsx";
import { ExperimentProgress } from "../shared/experiment-progress.tsx";
import type { ExperimentSearch } from "../shared/experiment-search.ts";
import { ExperimentStatus } from "../shared/experiment-status.tsx";
import { type Experiment, isActive, useExperiment } from "../shared/use-experiments.ts";
import { baselineOf } from "../shared/words.ts";
import { ExperimentActions } from "./experiment-actions.tsx";
import { SettingsTab } from "./settings-tab.tsx";

const route = getRouteApi("/shell/experiments/$experimentId");
const TABS = ["Results", "Items", "Slices", "Settings"] as const;

/** One experiment: results, items, slices and settings. Updates while it runs. */
export function ExperimentPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useListAddress<ExperimentSearch>(
    search,
    ["open"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  const experiment = useExperiment(experimentId);
  const back = <BackLink to="/experiments" label="Experiments" />;
  if (experiment.error && !experiment.data)
    return (
      <>
        <PageHeader title="Experiment" back={back} />
        {experiment.error instanceof ApiError && experiment.error.status === 404 ? (
          <EmptyState title="Experiment not found">
            It may have been deleted, or it belongs to another project.
          </EmptyState>
        ) : (
          <ErrorState error={experiment.error} retry={() => experiment.refetch()} />
        )}
      </>
    );
  const { data } = experiment;
  const tab = TABS.find((name) => name.toLowerCase() === search.tab) ?? "Results";
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title={data?.name ?? "Experiment"}
        back={back}
        beside={
          data && (
            <span className="ml-2">
              <ExperimentStatus experiment={data} />
            </span>
          )
        }
        description={data ? data.description || wordsFor(data) : <Skeleton className="h-4 w-60" />}
        action={data && <ExperimentActions experiment={data} />}
      >
        <div className="-mb-3">
          <Tabs
            label="Experiment sections"
            names={TABS}
            shown={tab}
            onShow={(name) => change({ tab: name === "Results" ? undefined : name.toLowerCase(), open: undefined })}
          />
        </div>
      </PageHeader>
      {data ? (
        <>
          <ExperimentProgress experiment={data} />
          <Part experiment={data} tab={tab} search={search} change={change} />
        </>
      ) : (
        <div className="flex flex-col gap-4 px-6 max-md:px-4">
          <Skeleton className="h-20 rounded-card" />
          <Skeleton className="h-52 rounded-card" />
        </div>
      )}
    </div>
  );
}

const wordsFor = ({ dataset, runs, repeats }: Experiment) =>
  [
    `${runs.length === 1 ? "One variant" : `${runs.length} variants`} on ${dataset.name || "a deleted dataset"} ${dataset.version}`,
    dataset.split ? `split ${dataset.split}` : "",
    repeats > 1 ? `${repeats} answers per item` : "",
  ]
    .filter(Boolean)
    .join(", ");

type PartProps = {
  experiment: Experiment;
  tab: (typeof TABS)[number];
  search: ExperimentSearch;
  change: (next: ExperimentSearch, isNewPlace?: boolean) => void;
};

function Part({ experiment, tab, search, change }: PartProps) {
  const { runs } = experiment;
  const baseline = baselineOf(experiment);
  const shown = runs.find(({ runId }) => runId === search.run) ?? runs.find((run) => run !== baseline) ?? baseline;
  const against = search.base === "none" ? undefined : (runs.find(({ runId }) => runId === search.base) ?? baseline);
  const base = against?.runId === shown?.runId ? undefined : against;
  if (!shown) return <EmptyState title="No results">This experiment has no variants.</EmptyState>;
  if (tab === "Items")
    return (
      <ItemsView
        runs={runs}
        run={shown}
        base={base}
        search={search}
        datasetId={experiment.dataset.datasetId}
        root={experiment.dataset.root}
        isLive={isActive(experiment)}
        change={(next, isNewPlace) => change(next, isNewPlace)}
        pick={(next) => change({ run: next.run, base: next.base, open: undefined })}
      />
    );
  return (
    <div className="flex min-h-0 grow flex-col gap-4 overflow-y-auto px-6 *:shrink-0 pt-4 pb-8 max-md:px-4">
      {tab === "Results" ? (
        <ResultsTab experiment={experiment} />
      ) : tab === "Slices" ? (
        <SlicesView
          run={shown}
          base={base}
          scorer={search.scorer}
          field={undefined}
          onScorer={(scorer) => change({ scorer })}
          onOpen={(slice) => change({ tab: "items", slice, sort: base ? "regression" : "score" }, true)}
        />
      ) : (
        <SettingsTab experiment={experiment} />
      )}
    </div>
  );
}
