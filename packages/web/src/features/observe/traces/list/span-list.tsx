import { StatusCell, TimeCell } from "../../../../components/table/cells.tsx";
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
import { type ListProps, viewOf } from "./list-props.ts";
import { GENERATION_COLUMNS, SPAN_COLUMNS } from "./list-span-columns.tsx";
import { ListToolbar } from "./list-toolbar.tsx";
import { ToDatasetButton } from "./to-dataset-button.tsx";
import { mergeRows, useLiveSpans } from "./use-live.ts";
import { ORDERS, type SpanSummary, useSpans } from "./use-traces.ts";

const idOf = ({ spanId }: SpanSummary) => spanId;

/** Single spans, or only model calls: sortable, with input and output. */
export function SpanList(props: ListProps) {
  const { range, search, change } = props;
  const isGenerations = viewOf(search) === "generations";
  const filter = isGenerations ? { filter: addCondition(props.filter.filter ?? "", "kind:generation") } : props.filter;
  const what = isGenerations ? "generation" : "span";
  const columns = isGenerations ? GENERATION_COLUMNS : SPAN_COLUMNS;
  const sort = {
    order: ORDERS.find((order) => order === search.order) ?? "startTime",
    direction: search.direction === "asc" ? "asc" : "desc",
  } as const;
  const list = useSpans({ range, filter, order: sort });
  // The tail adds at the top, which is where new rows belong only when the newest come first.
  const isNewestFirst = sort.order === "startTime" && sort.direction === "desc";
  const live = useLiveSpans(filter, search.live === "1" && isNewestFirst);
  const layout = useTableLayout(columns, {
    id: `${what}s`,
    fromAddress: search.columns,
    onChoose: (columns) => change({ columns }),
  });
  const rows = mergeRows(isNewestFirst ? live.rows : [], list.data?.pages.flatMap((page) => page.items) ?? [], idOf);
  const selection = useSelection(rows, idOf);
  return (
    <>
      <ListToolbar
        {...props}
        live={live.state}
        shown={filter}
        what="spans"
        columns={columns}
        layout={layout}
        isLoading={list.isRefetching}
        reload={() => list.refetch()}
      />
      <ListHistogram filter={filter} range={range} what={what} onTime={(from, to) => change(timeOf(from, to), true)} />
      <StaleNote list={list} />
      {rows.length === 0 ? (
        <ListState list={list} what={what} filter={props.filter} layout={layout} />
      ) : (
        <AddToFilter value={(condition) => change({ filter: addCondition(props.filter.filter ?? "", condition) })}>
          <VirtualTable
            label={isGenerations ? "Generations" : "Spans"}
            rows={rows}
            idOf={idOf}
            layout={layout}
            selection={selection}
            sort={sort}
            onSort={({ order, direction }) =>
              change({
                order: order === "startTime" ? undefined : order,
                direction: direction === "asc" ? "asc" : undefined,
              })
            }
            openId={search.span && search.open ? search.span : undefined}
            onOpen={(span) => change({ open: span.traceId, span: span.spanId })}
            onEnd={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
            isLoading={list.isPlaceholderData}
            isLoadingMore={list.isFetchingNextPage}
            narrow={(span) => <NarrowSpan span={span} />}
            foot={<ListFoot list={list} />}
          />
        </AddToFilter>
      )}
      <SelectionBar rows={rows} idOf={idOf} selection={selection} what={what}>
        {(chosen) => {
          const select = { spans: chosen.map(({ traceId, spanId }) => ({ traceId, spanId })) };
          return (
            <>
              <ToDatasetButton select={select} />
              <ToQueueButton body={{ from: "spans", select }} what={formatNumberOf(chosen.length, "span")} />
            </>
          );
        }}
      </SelectionBar>
    </>
  );
}

function NarrowSpan({ span }: { span: SpanSummary }) {
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <span dir="auto" className="truncate font-medium">
          {span.name}
        </span>
        <TimeCell iso={span.startTime} />
      </div>
      <div className="num mt-1 flex items-center gap-3 overflow-hidden whitespace-nowrap text-muted">
        <StatusCell status={span.status} />
        <span>{formatDuration(span.durationMs)}</span>
        {span.costUsd !== null && <span>{formatMoney(span.costUsd)}</span>}
        <span dir="auto" className="truncate">
          {span.responseModel || span.requestModel || span.inputPreview}
        </span>
      </div>
    </>
  );
}
