import { useMemo } from "react";
import { explain } from "../../../../api.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { ListFoot, RowsSkeleton, SelectionBar, StaleNote } from "../../../../components/table/list-rows.tsx";
import { useTableLayout } from "../../../../components/table/table-layout.ts";
import { useSelection } from "../../../../components/table/table-rows.ts";
import { VirtualTable } from "../../../../components/table/virtual-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { ItemsSearch } from "../shared/experiment-search.ts";
import type { Run } from "../shared/use-experiments.ts";
import { type RunItem, useRunItems } from "../shared/use-runs.ts";
import { AnswerSheet } from "./answer-sheet.tsx";
import { AskPeople } from "./ask-people.tsx";
import { columnsFor, narrowItem, readSort, writeSort } from "./item-columns.tsx";
import { ItemsToolbar } from "./items-toolbar.tsx";

type ViewProps = {
  /** The runs to choose from. */
  runs: readonly Run[];
  run: Run;
  base: Run | undefined;
  datasetId: string | null;
  root: string | null;
  search: ItemsSearch;
  isLive: boolean;
  change: (next: ItemsSearch, isNewPlace?: boolean) => void;
  pick: (next: { run: string; base: string }) => void;
};
const idOf = ({ itemId }: RunItem) => itemId;
/** More columns are not readable side by side. */
const MOST_OTHERS = 6;
const NOTHING: ItemsSearch = { changed: undefined, state: undefined, slice: undefined, search: undefined };

/** The items with one run's answers next to other runs' answers: filtered, sorted by regression, and opened one by one. */
export function ItemsView({ runs, run, base, datasetId, root, search, isLive, change, pick }: ViewProps) {
  const others = useMemo(
    () => runs.filter((one) => one !== run && one !== base).slice(0, MOST_OTHERS),
    [runs, run, base],
  );
  const list = useRunItems({
    runId: run.runId,
    base: base?.runId,
    search,
    isLive,
    also: others.map(({ runId }) => runId),
  });
  const scorer = run.scorers.find(({ key }) => key === search.scorer) ?? run.scorers[0];
  const columns = useMemo(() => columnsFor({ run, base, others, scorer }), [run, base, others, scorer]);
  const layout = useTableLayout(columns, {
    id: base ? "run-items.pair" : "run-items",
    fromAddress: undefined,
    onChoose: () => undefined,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const selection = useSelection(rows, idOf);
  const total = list.data?.pages[0]?.total;
  const isNarrowed = Boolean(search.changed || search.state || search.slice || search.search);
  return (
    <div className="relative flex min-h-0 min-w-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <ItemsToolbar
          runs={runs}
          run={run}
          base={base}
          scorer={scorer}
          search={search}
          change={change}
          pick={pick}
          isLive={isLive}
          total={total}
          columns={columns}
          layout={layout}
        />
        <StaleNote list={list} />
        {list.error && !list.data ? (
          isNarrowed ? (
            <EmptyState
              title="The filter failed"
              action={<Button onClick={() => change(NOTHING)}>Show all items</Button>}
            >
              {explain(list.error)}
            </EmptyState>
          ) : (
            <ErrorState error={list.error} retry={() => list.refetch()} title="The items could not be loaded" />
          )
        ) : list.isPending ? (
          <RowsSkeleton layout={layout} />
        ) : rows.length === 0 ? (
          <NoItems isNarrowed={isNarrowed} isLive={isLive} showAll={() => change(NOTHING)} />
        ) : (
          <VirtualTable
            label="Answers"
            rows={rows}
            idOf={idOf}
            layout={layout}
            selection={selection}
            sort={readSort(search.sort)}
            onSort={(sort) => change({ sort: writeSort(sort) }, true)}
            openId={search.open}
            onOpen={(row) => change({ open: row.itemId })}
            onEnd={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
            isLoading={list.isPlaceholderData}
            isLoadingMore={list.isFetchingNextPage}
            narrow={(row) => narrowItem(row, { scorer, hasBase: base !== undefined })}
            foot={
              list.isFetchNextPageError || list.hasNextPage ? (
                <ListFoot list={list} />
              ) : (
                <p className="num px-4 py-3 text-xs text-muted">End of list: {formatCount(total ?? rows.length)}.</p>
              )
            }
          />
        )}
        <SelectionBar rows={rows} idOf={idOf} selection={selection} what="item">
          {(chosen) => <AskPeople run={run} base={base} items={chosen} />}
        </SelectionBar>
      </div>
      {search.open && (
        <AnswerSheet
          key={search.open}
          run={run}
          base={base}
          others={others}
          datasetId={datasetId}
          root={root}
          item={rows.find(({ itemId }) => itemId === search.open)}
          itemId={search.open}
          isLoading={list.isPending}
          close={() => change({ open: undefined })}
        />
      )}
    </div>
  );
}

type NoneProps = { isNarrowed: boolean; isLive: boolean; showAll: () => void };

function NoItems({ isNarrowed, isLive, showAll }: NoneProps) {
  if (isNarrowed)
    return (
      <EmptyState title="No matching items" action={<Button onClick={showAll}>Show all items</Button>}>
        Remove a filter or change the search.
      </EmptyState>
    );
  return (
    <EmptyState title={isLive ? "No answers yet" : "No answers"}>
      {isLive ? "The first answers appear here automatically." : "The run ended before any item was answered."}
    </EmptyState>
  );
}
