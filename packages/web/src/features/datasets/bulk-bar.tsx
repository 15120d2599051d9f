import type { BulkChange } from "@treadle/contract";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { type DatasetPlace, useDraftMoves, useItemChanges } from "./use-draft.ts";

type BarProps = {
  place: DatasetPlace;
  ids: ReadonlySet<string>;
  clear: () => void;
  canEdit: boolean;
  /** Where the items are those of a list: its filter, how many it leaves, and how many of them are loaded. */
  list?: { filter: string; total: number; loaded: number };
};

/** What can be done with the selected items, or with all that match. */
export function BulkBar({ place, ids, clear, canEdit, list }: BarProps) {
  const [isAll, setIsAll] = useState(false);
  const [dialog, setDialog] = useState<"split" | "field" | "delete">();
  const { change } = useItemChanges(place);
  const { undo } = useDraftMoves(place);
  if (ids.size === 0) return null;
  const isEveryLoaded = list !== undefined && ids.size === list.loaded;
  const whole = isAll && isEveryLoaded ? list : undefined;
  const words = formatNumberOf(whole ? whole.total : ids.size, "item");
  const close = () => setDialog(undefined);
  const apply = (bulk: BulkChange) =>
    change.mutate(
      { select: whole ? { filter: whole.filter } : { itemIds: [...ids] }, change: bulk },
      {
        onSuccess: ({ counts, jobId }) => {
          close();
          clear();
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
      {list && isEveryLoaded && list.total > list.loaded && (
        <button type="button" onClick={() => setIsAll(!isAll)} className="text-accent hover:underline">
          {whole
            ? "Only those loaded"
            : `Select all ${formatNumberOf(list.total, "item")}${list.filter ? " that match" : ""}`}
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
      {!whole && (
        <Button
          size="small"
          onClick={async () => (await copyText([...ids].join("\n"))) && toastDone(`Copied the ids of ${words}`)}
        >
          Copy ids
        </Button>
      )}
      <Button size="small" kind="quiet" onClick={clear}>
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
