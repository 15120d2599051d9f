import type { BulkChange, ItemRow } from "@treadle/contract";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { formatNumberOf } from "../../components/format.ts";
import type { useSelection } from "../../components/table-rows.ts";
import { toastDone } from "../../components/toast.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { type DatasetPlace, useDraftMoves, useItemChanges } from "./use-draft.ts";

type BarProps = {
  place: DatasetPlace;
  rows: readonly ItemRow[];
  selection: ReturnType<typeof useSelection<ItemRow>>;
  filter: string;
  /** How many items the filter leaves, loaded or not. */
  total: number;
  canEdit: boolean;
};

/** What can be done with the selected items, or with all that match. */
export function BulkBar({ place, rows, selection, filter, total, canEdit }: BarProps) {
  const [isAll, setIsAll] = useState(false);
  const [dialog, setDialog] = useState<"split" | "field" | "delete">();
  const { change } = useItemChanges(place);
  const { undo } = useDraftMoves(place);
  if (selection.ids.size === 0) return null;
  const isEveryLoaded = selection.ids.size === rows.length;
  const isWhole = isAll && isEveryLoaded;
  const words = formatNumberOf(isWhole ? total : selection.ids.size, "item");
  const close = () => setDialog(undefined);
  const apply = (bulk: BulkChange) =>
    change.mutate(
      { select: isWhole ? { filter } : { itemIds: [...selection.ids] }, change: bulk },
      {
        onSuccess: ({ counts, jobId }) => {
          close();
          selection.clear();
          setIsAll(false);
          if (jobId) return toastDone("The change is made in the background");
          toastDone(
            bulk.kind === "delete"
              ? `Deleted ${formatNumberOf(counts.removed, "item")}`
              : `Changed ${formatNumberOf(counts.changed, "item")}`,
            { label: "Undo", run: () => undo.mutate() },
          );
        },
      },
    );
  return (
    <section
      aria-label="Selection"
      className="flex flex-wrap items-center gap-2 border-line border-t bg-panel px-6 py-2 max-md:px-4"
    >
      <span className="num font-medium">{words} selected</span>
      {isEveryLoaded && total > rows.length && (
        <button type="button" onClick={() => setIsAll(!isAll)} className="text-accent hover:underline">
          {isWhole ? "Only those loaded" : `Select all ${formatNumberOf(total, "item")}${filter ? " that match" : ""}`}
        </button>
      )}
      {canEdit && (
        <>
          <Button size="small" onClick={() => setDialog("split")}>
            Set the split…
          </Button>
          <Button size="small" onClick={() => setDialog("field")}>
            Set a field…
          </Button>
          <Button size="small" kind="danger" onClick={() => setDialog("delete")}>
            <Trash2 aria-hidden size={12} /> Delete
          </Button>
        </>
      )}
      {!isWhole && (
        <Button
          size="small"
          onClick={async () =>
            (await copyText([...selection.ids].join("\n"))) && toastDone(`Copied the ids of ${words}`)
          }
        >
          Copy ids
        </Button>
      )}
      <Button size="small" kind="quiet" onClick={selection.clear}>
        Clear
      </Button>
      {dialog === "delete" && (
        <ConfirmDialog
          title={`Delete ${words}?`}
          verb={`Delete ${words}`}
          isBusy={change.isPending}
          onConfirm={() => apply({ kind: "delete" })}
          close={close}
        >
          They leave the draft, which can be undone until it is committed. Versions keep them.
        </ConfirmDialog>
      )}
      {(dialog === "split" || dialog === "field") && (
        <BulkDialog
          {...{ place, words, close }}
          kind={dialog}
          isBusy={change.isPending}
          error={change.error}
          onApply={apply}
        />
      )}
    </section>
  );
}
