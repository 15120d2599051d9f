import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, SearchX, SlidersHorizontal } from "lucide-react";
import { Button, buttonLook } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { FilterBar } from "../../components/filter-bar.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { SweepStatus } from "./sweep-status.tsx";
import { type SweepHead, useSweeps } from "./use-sweeps.ts";
import { formatPoint } from "./words.ts";

const route = getRouteApi("/shell/training/sweeps");

/** The project's searches over the settings of training, newest first. */
export function SweepsPage() {
  const { search } = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const list = useSweeps({ ...(search && { search }) });
  const items = list.data?.pages.flatMap((page) => page.items);
  const look = (word: string | undefined) =>
    void navigate({ to: "/training/sweeps", search: { search: word }, replace: true });
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The searches could not be loaded" />;
  if (items?.length === 0 && !search)
    return (
      <EmptyState
        title="No search yet"
        icon={<SlidersHorizontal size={22} />}
        action={
          can("training:write") && (
            <Link to="/training/sweeps/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New search
            </Link>
          )
        }
      >
        A search trains the same model with other settings, breaks off what falls behind, and runs the best settings
        again with other seeds, so that luck is told from merit.
      </EmptyState>
    );
  return (
    <>
      <FilterBar label="Search by name" placeholder="Search by name" word={search} onSearch={look} />
      {items?.length === 0 ? (
        <EmptyState
          title="No search matches"
          icon={<SearchX size={22} />}
          action={<Button onClick={() => look(undefined)}>Show all</Button>}
        >
          Try another word.
        </EmptyState>
      ) : (
        <div className="card overflow-hidden">
          <PlainTable
            label="Searches"
            columns={COLUMNS}
            rows={items}
            idOf={({ sweepId }) => sweepId}
            onOpen={({ sweepId }) => void navigate({ to: "/training/sweeps/$sweepId", params: { sweepId } })}
          />
          <MoreRows list={list} />
        </div>
      )}
    </>
  );
}

const COLUMNS: readonly PlainColumn<SweepHead>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ sweepId, name, search }) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/training/sweeps/$sweepId"
          params={{ sweepId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">{Object.keys(search).join(", ")}</span>
      </span>
    ),
  },
  { id: "status", header: "Status", cell: (sweep) => <SweepStatus sweep={sweep} /> },
  { id: "trials", header: "Trials", isNumber: true, cell: ({ trialsMade }) => trialsMade },
  {
    id: "best",
    header: "Best",
    isNumber: true,
    cell: ({ result, metric }) =>
      result.value === null ? "–" : <span title={metric}>{formatPoint(result.value)}</span>,
  },
  { id: "made", header: "Begun", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
