import { TimeCell } from "../../../../components/table/cells.tsx";
import { ListFoot, SelectionBar, StaleNote } from "../../../../components/table/list-rows.tsx";
import { useTableLayout } from "../../../../components/table/table-layout.ts";
import { useSelection } from "../../../../components/table/table-rows.ts";
import { VirtualTable } from "../../../../components/table/virtual-table.tsx";
import { formatDuration, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { timeOf } from "../../../../components/time/time-range.ts";
import { ToQueueButton } from "../../../evaluate/to-queue/index.ts";
import { AddToFilter, addCondition } from "../../filter/index.ts";
import { ListHistogram } from "./list-histogram.tsx";
import { ListState } from "./list-parts.tsx";
import type { ListProps } from "./list-props.ts";
import { ListToolbar } from "./list-toolbar.tsx";
import { TRACE_COLUMNS, TraceStatus } from "./list-trace-columns.tsx";
import { ofTraces, ToDatasetButton } from "./to-dataset-button.tsx";
import { mergeRows, useLiveTraces } from "./use-live.ts";
import { type TraceSummary, useTraces } from "./use-traces.ts";

const idOf = ({ traceId }: TraceSummary) => traceId;
const SORT = { order: "startTime", direction: "desc" } as const;

/** Whole traces, newest first: one row for all that one request set in motion. */
export function TraceList(props: ListProps) {
  const { filter, range, search, change } = props;
  const list = useTraces({ range, filter });
  const live = useLiveTraces(filter, search.live === "1");
  const layout = useTableLayout(TRACE_COLUMNS, {
    id: "traces",
    fromAddress: search.columns,
    onChoose: (columns) => change({ columns }),
  });
  const rows = mergeRows(live.rows, list.data?.pages.flatMap((page) => page.items) ?? [], idOf);
  const selection = useSelection(rows, idOf);
  return (
    <>
      <ListToolbar
        {...props}
        live={live.state}
        shown={filter}
        what="traces"
        columns={TRACE_COLUMNS}
        layout={layout}
        isLoading={list.isRefetching}
        reload={() => list.refetch()}
      />
      <ListHistogram filter={filter} range={range} what="trace" onTime={(from, to) => change(timeOf(from, to), true)} />
      <StaleNote list={list} />
      {rows.length === 0 ? (
        <ListState list={list} what="trace" filter={filter} layout={layout} />
      ) : (
        <AddToFilter value={(condition) => change({ filter: addCondition(filter.filter ?? "", condition) })}>
          <VirtualTable
            label="Traces"
            rows={rows}
            idOf={idOf}
            layout={layout}
            selection={selection}
            sort={SORT}
            onSort={undefined}
            openId={search.open}
            onOpen={(trace) => change({ open: trace.traceId, span: undefined })}
            onEnd={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
            isLoading={list.isPlaceholderData}
            isLoadingMore={list.isFetchingNextPage}
            narrow={(trace) => <NarrowTrace trace={trace} />}
            foot={<ListFoot list={list} />}
          />
        </AddToFilter>
      )}
      <SelectionBar rows={rows} idOf={idOf} selection={selection} what="trace">
        {(chosen) => {
          const select = ofTraces(chosen.map(idOf));
          return (
            <>
              <ToDatasetButton select={select} />
              <ToQueueButton body={{ from: "spans", select }} what={formatNumberOf(chosen.length, "trace")} />
            </>
          );
        }}
      </SelectionBar>
    </>
  );
}

function NarrowTrace({ trace }: { trace: TraceSummary }) {
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <span dir="auto" className="truncate font-medium">
          {trace.name}
        </span>
        <TimeCell iso={trace.startTime} />
      </div>
      <div className="num mt-1 flex items-center gap-3 overflow-hidden whitespace-nowrap text-muted">
        <TraceStatus trace={trace} />
        <span>{formatDuration(trace.durationMs)}</span>
        {trace.costUsd !== null && <span>{formatMoney(trace.costUsd)}</span>}
        <span dir="auto" className="truncate">
          {trace.inputPreview || trace.models.join(", ")}
        </span>
      </div>
    </>
  );
}
