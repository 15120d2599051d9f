import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, SearchX, SlidersHorizontal } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { FilterBar } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import { formatPoint } from "../shared/words.ts";
import { SweepStatus } from "./sweep-status.tsx";
import { type SweepHead, useSweeps } from "./use-sweeps.ts";

const route = getRouteApi("/shell/training/sweeps");

/** The project's sweeps, newest first. */
export function SweepsPage() {
  const { search } = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const list = useSweeps({ ...(search && { search }) });
  const items = list.data?.pages.flatMap((page) => page.items);
  const look = (word: string | undefined) =>
    void navigate({ to: "/training/sweeps", search: { search: word }, replace: true });
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The sweeps could not be loaded" />;
  if (items?.length === 0 && !search)
    return (
      <EmptyState
        title="No sweeps yet"
        icon={<SlidersHorizontal size={22} />}
        action={
          can("training:write") && (
            <Link to="/training/sweeps/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New sweep
            </Link>
          )
        }
      >
        A sweep trains the same model with different settings and prunes poor trials early. It then repeats the best
        settings with other seeds, so that a lucky run does not win.
      </EmptyState>
    );
  return (
    <>
      <FilterBar label="Search sweeps by name" placeholder="Search by name" word={search} onSearch={look} />
      {items?.length === 0 ? (
        <EmptyState
          title="No matching sweeps"
          icon={<SearchX size={22} />}
          action={<Button onClick={() => look(undefined)}>Show all sweeps</Button>}
        >
          Try another search term.
        </EmptyState>
      ) : (
        <div className="card overflow-hidden">
          <PlainTable
            label="Sweeps"
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
  { id: "made", header: "Started", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
