import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { EXPERIMENT_STATUSES } from "@treadle/contract";
import { Plus, SearchX, TrendingUp } from "lucide-react";
import { useKeys } from "../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { FilterBar, FilterSelect } from "../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useProject } from "../../system/session/index.ts";
import { OptimisationTable } from "./optimisation-table.tsx";
import type { ListSearch } from "./shared/optimisation-search.ts";
import { useOptimisations } from "./shared/use-optimisations.ts";

const route = getRouteApi("/shell/optimisations");

/** The project's prompt optimisations, newest first. */
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
        description="Find a better version of a prompt within a budget. The result is tested on unseen items."
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
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The optimisations could not be loaded" />;
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
          title="No matching optimisations"
          icon={<SearchX size={22} />}
          action={
            <Button onClick={() => change({ search: undefined, status: undefined })}>Show all optimisations</Button>
          }
        >
          Remove a filter or change the search.
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
    title="No optimisations yet"
    icon={<TrendingUp size={22} />}
    action={canWrite && <NewLink />}
    code="npx treadle optimize PROMPT --dataset NAME --scorer exact-match"
  >
    An optimisation needs a stored prompt, a scorer, and a dataset with at least 30 (better 100) expected answers. It
    tests the best prompt on unseen items and saves it as a version without a label.
  </EmptyState>
);
