import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { TRAINING_STATUSES } from "@treadle/contract";
import { GitCompare, GraduationCap, Plus, SearchX } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { FilterBar, FilterSelect } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { idsIn, type ListSearch } from "../shared/training-search.ts";
import { useRuns } from "../shared/use-training.ts";
import { TrainingTable } from "./training-table.tsx";

const route = getRouteApi("/shell/training/");

/** The project's training runs, newest first. */
export function TrainingPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const picked = idsIn(search.picked);
  const canWrite = can("training:write");
  const change = (next: ListSearch) =>
    void navigate({ to: "/training", search: (old) => ({ ...old, ...next }), replace: true });
  const pick = (trainingRunId: string) =>
    change({
      picked: picked.includes(trainingRunId)
        ? picked.filter((id) => id !== trainingRunId).join(",")
        : [...picked, trainingRunId].join(","),
    });
  useKeys(
    "Training",
    canWrite ? [{ keys: "n", label: "New training run", run: () => void navigate({ to: "/training/new" }) }] : [],
  );
  return <List search={search} change={change} canWrite={canWrite} picked={picked} pick={pick} />;
}

type ListProps = {
  search: ListSearch;
  change: (next: ListSearch) => void;
  canWrite: boolean;
  picked: readonly string[];
  pick: (trainingRunId: string) => void;
};

function List({ search, change, canWrite, picked, pick }: ListProps) {
  const list = useRuns(search);
  const items = list.data?.pages.flatMap((page) => page.items);
  const isNarrowed = Boolean(search.search || search.status);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The runs could not be loaded" />;
  if (items?.length === 0 && !isNarrowed) return <NoRuns canWrite={canWrite} />;
  return (
    <>
      <FilterBar
        label="Search training runs"
        placeholder="Search by name, base or dataset"
        word={search.search}
        onSearch={(word) => change({ search: word })}
      >
        {picked.length > 1 && (
          <Link to="/training/compare" search={{ runs: picked.join(",") }} className={buttonLook()}>
            <GitCompare aria-hidden size={14} /> Compare {picked.length}
          </Link>
        )}
        <FilterSelect
          label="Status"
          all="Any status"
          value={search.status}
          options={["active", "ended", ...TRAINING_STATUSES].map((status) => ({ value: status, name: status }))}
          onChange={(status) => change({ status })}
          className="w-36!"
        />
      </FilterBar>
      {items?.length === 0 ? (
        <EmptyState
          title="No matching runs"
          icon={<SearchX size={22} />}
          action={<Button onClick={() => change({ search: undefined, status: undefined })}>Show all runs</Button>}
        >
          Remove a filter or change the search.
        </EmptyState>
      ) : (
        <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
          <TrainingTable rows={items} picked={new Set(picked)} onPick={pick} />
          <MoreRows list={list} />
        </div>
      )}
    </>
  );
}

function NoRuns({ canWrite }: { canWrite: boolean }) {
  return (
    <EmptyState
      title="No training runs yet"
      icon={<GraduationCap size={22} />}
      action={
        canWrite && (
          <Link to="/training/new" className={buttonLook("primary")}>
            <Plus aria-hidden size={14} /> New run
          </Link>
        )
      }
      code="npx treadle train run.yaml"
    >
      A run trains a base model on a dataset of corrected answers, preferred pairs or conversations. You see an estimate
      before it starts, and you can stop it at any time and keep the model trained so far.
    </EmptyState>
  );
}
