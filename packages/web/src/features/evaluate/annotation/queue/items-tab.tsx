import { ITEM_STATUSES } from "@treadle/contract";
import { MessageSquare, SearchX } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Select } from "../../../../components/form/field.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import type { QueueSearch } from "../shared/annotation-search.ts";
import { STATUS_LOOKS } from "../shared/queue-words.ts";
import { type Queue, useProgress } from "../shared/use-queues.ts";
import { ReviewSheet } from "./review-sheet.tsx";
import { type ItemRow, useItems } from "./use-queue-reports.ts";

type TabProps = { queue: Queue; search: QueueSearch; change: (next: QueueSearch) => void };

const columnsFor = (open: (itemId: string) => void): readonly PlainColumn<ItemRow>[] => [
  {
    id: "preview",
    header: "Item",
    className: "w-full min-w-40",
    cell: ({ itemId, preview, isGold, commentCount, reason }) => (
      <span className="flex min-w-0 flex-col py-1">
        <button
          type="button"
          data-row
          className="line-clamp-1 text-left [overflow-wrap:anywhere] hover:underline"
          onClick={(event) => {
            event.stopPropagation();
            open(itemId);
          }}
        >
          {preview || itemId}
        </button>
        {(isGold || commentCount > 0 || reason) && (
          <span className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
            {isGold && <span className="font-medium text-info">test item</span>}
            {commentCount > 0 && (
              <span className="inline-flex items-center gap-1">
                <MessageSquare aria-hidden size={11} /> {formatNumberOf(commentCount, "comment")}
              </span>
            )}
            {reason && <span className="line-clamp-1">{reason}</span>}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => (
      <span className={`whitespace-nowrap ${STATUS_LOOKS[status].look}`}>● {STATUS_LOOKS[status].word}</span>
    ),
  },
  {
    id: "answered",
    header: "Answers",
    isNumber: true,
    cell: ({ answered, overlap, held }) => (
      <span title={held > 0 ? `Open for ${formatNumberOf(held, "person", "people")} now` : undefined}>
        {answered} of {overlap}
        {held > 0 && <span className="text-accent"> +{held}</span>}
      </span>
    ),
  },
  {
    id: "agreement",
    header: "Agreement",
    isNumber: true,
    isWide: true,
    cell: ({ agreement }) => (agreement === null ? <span className="text-faint">–</span> : formatPercent(agreement)),
  },
  { id: "priority", header: "Priority", isNumber: true, isWide: true, cell: ({ priority }) => priority },
  { id: "added", header: "Added", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

/** All items with their progress; one opens next to the list with all answers, to be settled. */
export function ItemsTab({ queue, search, change }: TabProps) {
  const list = useItems(queue.queueId, search);
  const people = useProgress(queue.queueId).data?.people ?? [];
  const items = list.data?.pages.flatMap((page) => page.items);
  const isNarrowed = Boolean(search.status || search.search || search.annotator || search.gold);
  const open = (item: string) => change({ item });
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The items could not be loaded" />;
  const at = items?.findIndex(({ itemId }) => itemId === search.item) ?? -1;
  const go = (by: number) => {
    const next = items?.[at + by];
    if (next) open(next.itemId);
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label="Search items"
          placeholder="Search items"
          word={search.search ?? ""}
          onChange={(word) => change({ search: word || undefined })}
        />
        <Select
          aria-label="Status"
          value={search.status ?? ""}
          onChange={({ target }) => change({ status: ITEM_STATUSES.find((status) => status === target.value) })}
          className="w-36! max-md:flex-1"
        >
          <option value="">All statuses</option>
          {ITEM_STATUSES.map((status) => (
            <option key={status} value={status}>
              {STATUS_LOOKS[status].word}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Answered by"
          value={search.annotator ?? ""}
          onChange={({ target }) => change({ annotator: target.value || undefined })}
          className="w-44! max-md:flex-1"
        >
          <option value="">Answered by anyone</option>
          {people.map(({ annotator }) => (
            <option key={annotator.actorId} value={annotator.actorId}>
              {annotator.name}
            </option>
          ))}
        </Select>
        <Checkbox
          label="Test items only"
          checked={search.gold === "only"}
          onChange={({ target }) => change({ gold: target.checked ? "only" : undefined })}
        />
      </div>
      {items?.length === 0 ? (
        <EmptyState
          title={isNarrowed ? "No matching items" : "No items yet"}
          icon={<SearchX size={22} />}
          action={
            isNarrowed && (
              <Button
                onClick={() => change({ status: undefined, search: undefined, annotator: undefined, gold: undefined })}
              >
                Show all items
              </Button>
            )
          }
        >
          {isNarrowed ? "Remove a filter or change the search." : "Add items with the button above."}
        </EmptyState>
      ) : (
        <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
          <PlainTable
            label="Items"
            columns={columnsFor(open)}
            rows={items}
            idOf={({ itemId }) => itemId}
            onOpen={({ itemId }) => open(itemId)}
          />
          <MoreRows list={list} />
        </div>
      )}
      {search.item && (
        <ReviewSheet
          key={search.item}
          queue={queue}
          itemId={search.item}
          position={at >= 0 ? `${formatCount(at + 1)} of ${formatCount(items?.length ?? 0)} loaded` : ""}
          go={go}
          close={() => change({ item: undefined })}
        />
      )}
    </>
  );
}
