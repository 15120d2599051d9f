import { getRouteApi } from "@tanstack/react-router";
import type { ItemRow } from "@treadle/contract";
import { useMemo } from "react";
import { explain } from "../../../../api.ts";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { ListFoot, RowsSkeleton, StaleNote } from "../../../../components/table/list-rows.tsx";
import { useTableLayout } from "../../../../components/table/table-layout.ts";
import { useSelection } from "../../../../components/table/table-rows.ts";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { VirtualTable } from "../../../../components/table/virtual-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { expectedText, inputText, ToDatasetDialog } from "../../to-dataset/index.ts";
import { ContaminationWarning } from "../curate/contamination-notes.tsx";
import { draftRef, type ItemsSearch } from "../shared/dataset-search.ts";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { DistributionPanel } from "./distribution-panel.tsx";
import { columnsFor, readSort, writeSort } from "./item-columns.tsx";
import { ItemSheet } from "./item-sheet.tsx";
import { ItemsEmpty } from "./items-empty.tsx";
import { ItemsToolbar } from "./items-toolbar.tsx";
import { NewItem } from "./new-item.tsx";
import { useItems, useStats } from "./use-items.ts";

const route = getRouteApi("/shell/datasets/$datasetId/");
const idOf = ({ itemId }: ItemRow) => itemId;

/** The items of the draft or of a version, with filters, sorting, an open item and edits. */
export function ItemsPage() {
  const place = useDatasetPlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const at = search.at ?? draftRef(place.branch);
  const canEdit = can("datasets:write") && at === draftRef(place.branch);
  const filter = search.filter ?? "";
  const from = Number(search.from ?? 0);
  const list = useItems({ datasetId: place.datasetId, at, filter, sort: search.sort ?? "", from });
  const stats = useStats(place.datasetId, at);
  const columns = useMemo(() => columnsFor(stats.data), [stats.data]);
  const change = useListAddress<ItemsSearch>(
    search,
    ["open", "edit"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  const layout = useTableLayout(columns, {
    id: `items.${place.datasetId}`,
    fromAddress: search.columns,
    onChoose: (chosen) => change({ columns: chosen }),
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const head = list.data?.pages[0];
  const selection = useSelection(rows, idOf);
  const open = (row: ItemRow) => change({ open: row.itemId, edit: undefined });
  const closeAdd = () => change({ add: undefined });
  const isEmpty = head !== undefined && rows.length === 0;
  return (
    <div className="flex min-h-0 min-w-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <ContaminationWarning datasetId={place.datasetId} />
        <ItemsToolbar
          place={place}
          at={at}
          search={search}
          change={change}
          columns={columns}
          layout={layout}
          head={head}
          canEdit={canEdit}
          stats={stats.data}
        />
        {search.field && (
          <DistributionPanel
            place={place}
            at={at}
            filter={filter}
            field={search.field}
            fields={stats.data?.fields ?? []}
            change={change}
          />
        )}
        <StaleNote list={list} />
        {list.error && !list.data ? (
          <FilterTrouble error={list.error} filter={filter} retry={() => list.refetch()} change={change} />
        ) : list.isPending ? (
          <RowsSkeleton layout={layout} />
        ) : isEmpty ? (
          <ItemsEmpty place={place} head={head} filter={filter} canEdit={canEdit} change={change} from={from} />
        ) : (
          <VirtualTable
            label="Items"
            rows={rows}
            idOf={idOf}
            layout={layout}
            selection={selection}
            sort={readSort(search.sort)}
            onSort={(sort) => change({ sort: writeSort(sort), from: undefined }, true)}
            openId={search.open}
            onOpen={open}
            onEnd={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
            isLoading={list.isPlaceholderData}
            isLoadingMore={list.isFetchingNextPage}
            narrow={(row) => <NarrowItem row={row} />}
            rowKeys={
              canEdit ? [{ keys: "e", label: "Edit item", run: (row) => change({ open: row.itemId, edit: "1" }) }] : []
            }
            foot={<EndOf list={list} />}
          />
        )}
        <BulkBar
          place={place}
          canEdit={canEdit}
          ids={selection.ids}
          clear={selection.clear}
          list={{ filter, total: head?.total ?? 0, loaded: rows.length }}
        />
      </div>
      {search.open && (
        <ItemSheet
          key={search.open}
          place={place}
          at={at}
          canEdit={canEdit}
          change={change}
          itemId={search.open}
          isEditing={search.edit === "1" && canEdit}
        />
      )}
      {search.add === "hand" && canEdit && list.data && (
        <NewItem
          place={place}
          like={rows.at(-1)}
          close={closeAdd}
          onMade={(open) => change({ add: undefined, open })}
        />
      )}
      {search.add === "traces" && canEdit && (
        <ToDatasetDialog
          into={{ datasetId: place.datasetId, branch: place.branch }}
          select={{ filter: "" }}
          close={closeAdd}
        />
      )}
    </div>
  );
}

type Items = ReturnType<typeof useItems>;

function EndOf({ list }: { list: Items }) {
  if (list.isFetchNextPageError) return <ListFoot list={list} />;
  const total = list.data?.pages[0]?.total ?? 0;
  return list.hasNextPage ? null : (
    <p className="px-4 py-3 text-xs text-muted">
      End of list: {formatCount(total)} {total === 1 ? "item" : "items"}.
    </p>
  );
}

type TroubleProps = { error: unknown; filter: string; retry: () => void; change: (next: ItemsSearch) => void };

/** Shows an invalid filter as an error to fix; offers a retry for other errors. */
function FilterTrouble({ error, filter, retry, change }: TroubleProps) {
  if (filter === "") return <ErrorState error={error} retry={retry} title="The items could not be loaded" />;
  return (
    <div role="alert" className="mx-auto max-w-130 px-4 py-12 text-center">
      <h2 className="text-base font-semibold">The filter failed</h2>
      <p className="mt-1 text-muted [overflow-wrap:anywhere]">{explain(error)}</p>
      <Button className="mt-4" onClick={() => change({ filter: undefined })}>
        Show all items
      </Button>
    </div>
  );
}

function NarrowItem({ row }: { row: ItemRow }) {
  return (
    <>
      <div dir="auto" className="truncate font-medium">
        {inputText(row.inputs) || "(empty)"}
      </div>
      <div className="mt-1 flex gap-2 text-muted">
        <span className="num shrink-0">{formatCount(row.position + 1)}</span>
        {row.split && <span className="shrink-0 text-xs leading-5">{row.split}</span>}
        <span dir="auto" className="truncate">
          {expectedText(row.expected)}
        </span>
      </div>
    </>
  );
}
