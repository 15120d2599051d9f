import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { EXPERIMENT_STATUSES } from "@treadle/contract";
import { Plus, SearchX, TrendingUp } from "lucide-react";
import { Button, buttonLook } from "../../components/button.tsx";
import { FilterBar, FilterSelect } from "../../components/filter-bar.tsx";
import { useKeys } from "../../components/keys.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import type { ListSearch } from "./optimisation-search.ts";
import { OptimisationTable } from "./optimisation-table.tsx";
import { useOptimisations } from "./use-optimisations.ts";

const route = getRouteApi("/shell/optimisations");

/** The project's searches for better prompts, newest first. */
export function OptimisationsPage() {
  const navigate = useNavigate();
  const { can } = useProject();
  const canWrite = can("experiments:write");
  useKeys(
    "Optimisations",
    canWrite ? [{ keys: "n", label: "New optimisation", run: () => void navigate({ to: "/optimisations/new" }) }] : [],
  );
  return (
    <>
      <PageHeader
        title="Optimisations"
        description="Searches for a better version of a prompt within a budget, tested on items that the search never saw."
        action={canWrite && <NewLink />}
      />
      <div className="flex flex-col gap-4 px-6 pt-1 pb-8 max-md:px-4">
        <List canWrite={canWrite} />
      </div>
    </>
  );
}

const NewLink = () => (
  <Link to="/optimisations/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New optimisation
  </Link>
);

function List({ canWrite }: { canWrite: boolean }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const list = useOptimisations(search);
  const items = list.data?.pages.flatMap((page) => page.items);
  const change = (next: ListSearch) =>
    void navigate({ to: "/optimisations", search: (old) => ({ ...old, ...next }), replace: true });
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The searches could not be loaded" />;
  if (items?.length === 0 && !search.search && !search.status) return <NoOptimisations canWrite={canWrite} />;
  return (
    <>
      <FilterBar
        label="Search optimisations"
        placeholder="Search by name or prompt"
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
      </FilterBar>
      {items?.length === 0 ? (
        <EmptyState
          title="No search matches"
          icon={<SearchX size={22} />}
          action={
            <Button onClick={() => change({ search: undefined, status: undefined })}>Show all optimisations</Button>
          }
        >
          Take a filter away.
        </EmptyState>
      ) : (
        <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
          <OptimisationTable rows={items} />
          <MoreRows list={list} />
        </div>
      )}
    </>
  );
}

const NoOptimisations = ({ canWrite }: { canWrite: boolean }) => (
  <EmptyState
    title="No optimisation yet"
    icon={<TrendingUp size={22} />}
    action={canWrite && <NewLink />}
    code="npx treadle optimize PROMPT --dataset NAME --scorer exact-match"
  >
    It takes a stored prompt, a dataset with expected answers (30 items at least, better 100) and a scorer. What it
    finds is tested on a third of the items that the search never saw, and saved as a version without a label.
  </EmptyState>
);
