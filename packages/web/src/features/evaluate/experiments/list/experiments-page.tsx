import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { EXPERIMENT_STATUSES } from "@treadle/contract";
import { FlaskConical, Plus, SearchX } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { FilterBar, FilterSelect } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import { useProject } from "../../../system/session/index.ts";
import type { ListSearch } from "../shared/experiment-search.ts";
import { useExperiments } from "../shared/use-experiments.ts";
import { ExperimentTable } from "./experiment-table.tsx";

const route = getRouteApi("/shell/experiments/");

/** The project's experiments, newest first. */
export function ExperimentsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const list = useExperiments(search);
  const items = list.data?.pages.flatMap((page) => page.items);
  const change = (next: ListSearch) =>
    void navigate({ to: "/experiments", search: (old) => ({ ...old, ...next }), replace: true });
  const isNarrowed = Boolean(search.search || search.status || search.dataset);
  const canWrite = can("experiments:write");
  useKeys(
    "Experiments",
    canWrite ? [{ keys: "n", label: "New experiment", run: () => void navigate({ to: "/experiments/new" }) }] : [],
  );
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The experiments could not be loaded" />;
  if (items?.length === 0 && !isNarrowed) return <NoExperiments canWrite={canWrite} />;
  return (
    <>
      <Filters search={search} change={change} />
      {items?.length === 0 ? (
        <EmptyState
          title="No matching experiments"
          icon={<SearchX size={22} />}
          action={
            <Button onClick={() => change({ search: undefined, status: undefined, dataset: undefined })}>
              Show all experiments
            </Button>
          }
        >
          Remove a filter or change the search.
        </EmptyState>
      ) : (
        <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
          <ExperimentTable rows={items} />
          <MoreRows list={list} />
        </div>
      )}
    </>
  );
}

function Filters({ search, change }: { search: ListSearch; change: (next: ListSearch) => void }) {
  const datasets = useDatasetChoices();
  return (
    <FilterBar
      label="Search experiments"
      placeholder="Search by name or description"
      word={search.search}
      onSearch={(word) => change({ search: word })}
    >
      <FilterSelect
        label="Status"
        all="Any status"
        value={search.status}
        options={EXPERIMENT_STATUSES.map((status) => ({ value: status, name: status }))}
        onChange={(status) => change({ status })}
        className="w-36!"
      />
      <FilterSelect
        label="Dataset"
        all="Any dataset"
        value={search.dataset}
        options={datasets.data?.map(({ datasetId, name }) => ({ value: datasetId, name })) ?? []}
        onChange={(dataset) => change({ dataset })}
      />
    </FilterBar>
  );
}

function NoExperiments({ canWrite }: { canWrite: boolean }) {
  return (
    <EmptyState
      title="No experiments yet"
      icon={<FlaskConical size={22} />}
      action={
        canWrite && (
          <Link to="/experiments/new" className={buttonLook("primary")}>
            <Plus aria-hidden size={14} /> New experiment
          </Link>
        )
      }
      code="npx treadle eval suite.yaml"
    >
      An experiment runs prompts and models on the items of a dataset and scores the answers. You see which variant is
      better, by how much, and how certain that is.
    </EmptyState>
  );
}
