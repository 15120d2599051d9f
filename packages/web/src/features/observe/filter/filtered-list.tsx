import { CircleAlert, RefreshCw, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { ColumnMenu } from "../../../components/table/column-menu.tsx";
import { ListFoot, RowsSkeleton, SelectionBar, StaleNote } from "../../../components/table/list-rows.tsx";
import { type Column, useTableLayout } from "../../../components/table/table-layout.ts";
import { useSelection } from "../../../components/table/table-rows.ts";
import { VirtualTable } from "../../../components/table/virtual-table.tsx";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { type SavedView, settingsOf, ViewMenu } from "../views/index.ts";
import { type FilterSearch, hasFilter, parseFilter, type TraceFilter, wholeFilter } from "./filter-address.ts";
import { FilterBar } from "./filter-bar.tsx";
import { findProblem } from "./find-problem.ts";
import type { usePages } from "./use-pages.ts";

/** What of the address such a list reads and writes. */
export type FilteredSearch = FilterSearch & RangeSearch & { columns?: string; saved?: string };
type Pages<Row> = ReturnType<typeof usePages<{ items: readonly Row[]; nextCursor: string | null }>>;

type ListProps<Row> = {
  title: string;
  description: string;
  /** What one row is, such as `session`; its plural names the page of the views. */
  what: "session" | "user";
  columns: readonly Column<Row>[];
  idOf: (row: Row) => string;
  narrow: (row: Row) => ReactNode;
  useRows: (asked: { range: RangeSearch; filter: TraceFilter }) => Pages<Row>;
  search: FilteredSearch;
  change: (next: FilteredSearch, isNewPlace?: boolean) => void;
  onOpen: (row: Row) => void;
  /** Why there may be nothing at all. */
  empty: ReactNode;
  /** What else can be done with the selected rows. */
  selected?: (chosen: readonly Row[]) => ReactNode;
};

const NEWEST = { order: "lastTime", direction: "desc" } as const;

/** A page of rows that spans were summed up into, narrowed by a filter and a time, the last active first. */
export function FilteredList<Row>(props: ListProps<Row>) {
  const { title, description, what, columns, idOf, search, change } = props;
  const filter = parseFilter(search);
  const range = { range: search.range, from: search.from, to: search.to };
  const list = props.useRows({ range, filter });
  const layout = useTableLayout(columns, {
    id: `${what}s`,
    fromAddress: search.columns,
    onChoose: (chosen) => change({ columns: chosen }),
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const selection = useSelection(rows, idOf);
  useKeys("List", [{ keys: "r", label: "Load the newest rows", run: () => void list.refetch() }]);
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title={title}
        description={description}
        action={
          <>
            <SavedViews what={what} search={search} change={change} />
            <TimeRangePicker value={range} onChange={(next) => change(next)} />
          </>
        }
      />
      <div className="flex flex-wrap items-start gap-2 px-6 pb-3 max-md:px-4">
        <div className="min-w-48 grow basis-48">
          <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
        </div>
        <Button
          aria-label="Load the newest rows"
          title="Load the newest rows (r)"
          onClick={() => list.refetch()}
          className="w-8 px-0!"
        >
          <RefreshCw aria-hidden size={14} className={`text-muted ${list.isRefetching ? "animate-spin" : ""}`} />
        </Button>
        <div className="max-md:hidden">
          <ColumnMenu columns={columns} layout={layout} />
        </div>
      </div>
      <StaleNote list={list} />
      {rows.length > 0 ? (
        <VirtualTable
          label={title}
          rows={rows}
          idOf={idOf}
          layout={layout}
          selection={selection}
          sort={NEWEST}
          onSort={undefined}
          openId={undefined}
          onOpen={props.onOpen}
          onEnd={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
          isLoading={list.isPlaceholderData}
          isLoadingMore={list.isFetchingNextPage}
          narrow={props.narrow}
          foot={<ListFoot list={list} />}
        />
      ) : findProblem(filter) ? (
        <EmptyState title="Invalid filter" icon={<CircleAlert size={22} />}>
          Fix the filter to see results.
        </EmptyState>
      ) : list.isPending ? (
        <RowsSkeleton layout={layout} />
      ) : list.error ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title={`The ${what}s could not be loaded`} />
      ) : hasFilter(filter) ? (
        <EmptyState
          title={`No matching ${what}s`}
          icon={<SearchX size={22} />}
          action={<Button onClick={() => change({ filter: undefined })}>Show all {what}s</Button>}
        >
          Remove a condition or choose a longer time range at the top right.
        </EmptyState>
      ) : (
        props.empty
      )}
      <SelectionBar rows={rows} idOf={idOf} selection={selection} what={what}>
        {props.selected}
      </SelectionBar>
    </div>
  );
}

type ViewsProps = Pick<ListProps<unknown>, "what" | "search" | "change">;

function SavedViews({ what, search, change }: ViewsProps) {
  const { range, from, to, columns, saved } = search;
  const open = (view: SavedView) =>
    change(
      {
        range: undefined,
        from: undefined,
        to: undefined,
        ...wholeFilter({ filter: view.filter }),
        columns: view.columns.length > 0 ? view.columns.join(",") : undefined,
        ...view.settings,
        saved: view.viewId,
      },
      true,
    );
  return (
    <ViewMenu
      page={`${what}s`}
      viewId={saved}
      isUntouched={!hasFilter(search) && !columns && !saved}
      state={{
        filter: search.filter ?? "",
        columns: columns?.split(",") ?? [],
        order: "",
        settings: settingsOf({ range, from, to }),
      }}
      open={open}
    />
  );
}
