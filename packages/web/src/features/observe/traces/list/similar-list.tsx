import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import { ColumnMenu } from "../../../../components/table/column-menu.tsx";
import { SelectionBar } from "../../../../components/table/list-rows.tsx";
import { type TableLayout, useTableLayout } from "../../../../components/table/table-layout.ts";
import { useSelection } from "../../../../components/table/table-rows.ts";
import { VirtualTable } from "../../../../components/table/virtual-table.tsx";
import { AddToFilter, addCondition, FilterBar, wholeFilter } from "../../filter/index.ts";
import { MeaningBar, MeaningButton } from "../meaning/meaning-bar.tsx";
import { amongOf, MANY } from "../meaning/meaning-search.ts";
import { SimilarState, SimilarSummary } from "../meaning/similar-parts.tsx";
import { type SimilarSpan, useSimilar, useSpanCount } from "../meaning/use-similar.ts";
import { type ListProps, viewOf } from "./list-props.ts";
import { NarrowSimilar, SIMILAR_COLUMNS } from "./similar-columns.tsx";

const idOf = ({ spanId }: SimilarSpan) => spanId;
const SORT = { order: "similarity", direction: "desc" } as const;

/** The spans nearest in meaning to a sentence, among the newest that the filter and the time keep. */
export function SimilarList(props: ListProps) {
  const { range, search, change } = props;
  const text = search.meaning ?? "";
  const among = amongOf(search);
  const isGenerations = viewOf(search) === "generations";
  const filter = isGenerations ? { filter: addCondition(props.filter.filter ?? "", "kind:generation") } : props.filter;
  const found = useSimilar({ text, among, filter, range });
  const count = useSpanCount({ filter, range });
  const layout = useTableLayout(SIMILAR_COLUMNS, {
    id: "similar",
    fromAddress: search.columns,
    onChoose: (columns) => change({ columns }),
  });
  const rows = found.data?.rows ?? [];
  const selection = useSelection(rows, idOf);
  return (
    <>
      <SimilarToolbar {...props} layout={layout} isLoading={found.isFetching} reload={() => found.refetch()} />
      <SimilarSummary
        search={found}
        among={among}
        total={count.data}
        widen={() => change({ among: String(MANY) }, true)}
      />
      {rows.length === 0 || (found.error && !found.isFetching) ? (
        <SimilarState search={found} among={among} filter={props.filter} layout={layout} />
      ) : (
        <AddToFilter value={(condition) => change({ filter: addCondition(props.filter.filter ?? "", condition) })}>
          <VirtualTable
            label={isGenerations ? "Similar generations" : "Similar spans"}
            rows={rows}
            idOf={idOf}
            layout={layout}
            selection={selection}
            sort={SORT}
            onSort={undefined}
            openId={search.span && search.open ? search.span : undefined}
            onOpen={(span) => change({ open: span.traceId, span: span.spanId })}
            onEnd={() => undefined}
            isLoading={found.isPlaceholderData}
            isLoadingMore={false}
            narrow={(span) => <NarrowSimilar span={span} />}
          />
        </AddToFilter>
      )}
      <SelectionBar rows={rows} idOf={idOf} selection={selection} what="span" />
    </>
  );
}

type ToolbarProps = ListProps & { layout: TableLayout<SimilarSpan>; isLoading: boolean; reload: () => void };

function SimilarToolbar({ filter, range, search, change, layout, isLoading, reload }: ToolbarProps) {
  const [focus, setFocus] = useState(0);
  const close = () => change({ meaning: undefined, among: undefined, columns: undefined }, true);
  useKeys("List", [
    { keys: "r", label: "Compare again with the newest spans", run: reload },
    { keys: "m", label: "Search by meaning", run: () => setFocus(focus + 1) },
  ]);
  return (
    <div className="@container">
      <div className="flex flex-wrap items-start gap-2 px-6 pb-2 max-md:px-4">
        <div className="min-w-48 grow basis-48 max-md:basis-full">
          <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
        </div>
        <MeaningButton isOn toggle={close} />
        <Button
          aria-label="Compare again"
          title="Compare again with the newest spans (r)"
          onClick={reload}
          className="w-8 px-0!"
        >
          <RefreshCw aria-hidden size={14} className={`text-muted ${isLoading ? "animate-spin" : ""}`} />
        </Button>
        <div className="max-md:hidden">
          <ColumnMenu columns={SIMILAR_COLUMNS} layout={layout} />
        </div>
      </div>
      <MeaningBar
        text={search.meaning ?? ""}
        find={(meaning) => (meaning === search.meaning ? reload() : change({ meaning, among: undefined }, true))}
        close={close}
        focus={focus}
      />
    </div>
  );
}
