import { Link } from "@tanstack/react-router";
import type { ItemRow } from "@treadle/contract";
import { Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { LineageLink } from "../../../train/lineage/index.ts";
import { draftRef, type ItemsSearch } from "../shared/dataset-search.ts";
import { type DatasetPlace, useDraftMoves, useItemChanges } from "../shared/use-draft.ts";
import { ItemEditor } from "./item-editor.tsx";
import { ItemHistory } from "./item-history.tsx";
import { ItemView } from "./item-view.tsx";
import { useItem } from "./use-items.ts";

type SheetProps = {
  place: DatasetPlace;
  at: string;
  itemId: string;
  canEdit: boolean;
  isEditing: boolean;
  change: (next: ItemsSearch) => void;
};
const TABS = ["Item", "History"] as const;

/** The open item next to the list: its values, source and history, and its editor. */
export function ItemSheet({ place, at, itemId, canEdit, isEditing, change }: SheetProps) {
  const item = useItem({ datasetId: place.datasetId, at, itemId });
  const [tab, setTab] = useState<(typeof TABS)[number]>("Item");
  const close = () => change({ open: undefined, edit: undefined });
  const edit = () => change({ edit: "1" });
  useKeys("Open item", [
    { keys: "Escape", label: "Close item", run: isEditing ? () => change({ edit: undefined }) : close },
    ...(canEdit ? [{ keys: "e", label: "Edit item", run: edit }] : []),
  ]);
  const { data } = item;
  const isThis = data?.itemId === itemId;
  return (
    <aside
      aria-label="Open item"
      className="flex h-full w-[min(640px,52%)] shrink-0 animate-[sheet-in_150ms_ease-out] flex-col border-line border-l bg-bg max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-[min(640px,100%)] max-md:fixed max-md:z-30 max-md:w-full"
    >
      <header className="flex items-center gap-1 border-line border-b bg-panel py-2 pr-2 pl-4">
        <div className="min-w-0 grow">
          <h2 className="truncate font-semibold">
            {isThis ? `Item ${formatCount(data.position + 1)}` : "Item"}
            {isEditing && <span className="ml-2 text-xs font-normal text-muted">editing</span>}
          </h2>
          <p className="flex items-center gap-1 text-xs text-muted">
            <code className="truncate text-xs">{itemId}</code>
            <CopyButton text={itemId} label="Copy item id" className="size-5!" />
          </p>
        </div>
        {!isEditing && isThis && <LineageLink of={{ dataset: place.datasetId, at, item: itemId }} />}
        {canEdit && !isEditing && isThis && (
          <>
            <Button size="small" onClick={edit}>
              <Pencil aria-hidden size={12} /> Edit
            </Button>
            <DeleteButton place={place} itemId={itemId} close={close} />
          </>
        )}
        <IconButton label="Close (Esc)" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      {!isEditing && (
        <div className="bg-panel px-4">
          <Tabs label="Item sections" names={TABS} shown={tab} onShow={setTab} />
        </div>
      )}
      <div className="min-h-0 grow overflow-y-auto">
        {item.error && !isThis ? (
          <ErrorState error={item.error} retry={() => item.refetch()} title="The item could not be loaded" />
        ) : !isThis ? (
          <div className="flex flex-col gap-3 p-4">
            <Skeleton className="h-24" />
            <Skeleton className="h-40" />
          </div>
        ) : isEditing ? (
          <ItemEditor key={data.rowHash} place={place} item={data} onDone={() => change({ edit: undefined })} />
        ) : tab === "Item" ? (
          <ItemView item={data} source={<SourceLine item={data} />} />
        ) : (
          <ItemHistory place={place} item={data} isDraft={at === draftRef(place.branch)} />
        )}
      </div>
    </aside>
  );
}

function DeleteButton({ place, itemId, close }: { place: DatasetPlace; itemId: string; close: () => void }) {
  const { change } = useItemChanges(place);
  const { undo } = useDraftMoves(place);
  const remove = () =>
    change.mutate(
      { select: { itemIds: [itemId] }, change: { kind: "delete" } },
      {
        onSuccess: () => {
          close();
          toastDone("Deleted the item from the draft", { label: "Undo", run: () => undo.mutate() });
        },
      },
    );
  return (
    <IconButton label="Delete item" disabled={change.isPending} onClick={remove}>
      <Trash2 size={14} />
    </IconButton>
  );
}

/** The source of an item, with a link. */
function SourceLine({ item: { source } }: { item: ItemRow }) {
  if (source.traceId)
    return (
      <Link
        to="/traces/$traceId"
        params={{ traceId: source.traceId }}
        search={{ span: source.spanId }}
        className="text-accent underline underline-offset-2"
      >
        {source.kind === "feedback" ? "feedback on a trace" : "source trace"}
      </Link>
    );
  if (source.kind === "file")
    return (
      <span className="[overflow-wrap:anywhere]">
        {source.file ?? "file"}
        {source.line !== undefined && <span className="num"> line {formatCount(source.line)}</span>}
      </span>
    );
  if (source.kind === "synthetic") return <>{source.model ? `generated by ${source.model}` : "generated"}</>;
  return <>{source.kind === "manual" ? "entered by hand" : source.kind}</>;
}
