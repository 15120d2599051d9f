import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { TRAINING_STATUSES } from "@treadle/contract";
import { GitCompare, GraduationCap, Plus, SearchX } from "lucide-react";
import { Button, buttonLook } from "../../components/button.tsx";
import { FilterBar, FilterSelect } from "../../components/filter-bar.tsx";
import { useKeys } from "../../components/keys.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { idsIn, type ListSearch } from "./training-search.ts";
import { TrainingTable } from "./training-table.tsx";
import { useRuns } from "./use-training.ts";

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
  return <List {...{ search, change, canWrite, picked, pick }} />;
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
          title="No run matches"
          icon={<SearchX size={22} />}
          action={<Button onClick={() => change({ search: undefined, status: undefined })}>Show all runs</Button>}
        >
          Take a filter away.
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
      title="Nothing was trained yet"
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
      A run takes a model of this machine and a dataset: answers that people corrected, pairs they preferred, or any
      conversation. It is estimated before it starts, and can be stopped at any time without losing what was learnt.
    </EmptyState>
  );
}
