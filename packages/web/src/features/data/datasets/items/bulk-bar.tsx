import type { BulkChange } from "@treadle/contract";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type DatasetPlace, useDraftMoves, useItemChanges } from "../shared/use-draft.ts";
import { BulkDialog } from "./bulk-dialog.tsx";

type BarProps = {
  place: DatasetPlace;
  ids: ReadonlySet<string>;
  clear: () => void;
  canEdit: boolean;
  /** For items from a list: its filter, how many items match, and how many are loaded. */
  list?: { filter: string; total: number; loaded: number };
};

/** Actions for the selected items, or for all matching items. */
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
          if (jobId) return toastDone("The change runs in the background");
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
            ? "Only loaded items"
            : `Select all ${formatNumberOf(list.total, "item")}${list.filter ? " that match" : ""}`}
        </button>
      )}
      {canEdit && (
        <>
          <Button size="small" onClick={() => setDialog("split")}>
            Set split…
          </Button>
          <Button size="small" onClick={() => setDialog("field")}>
            Set field…
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
          The items are removed from the draft. You can undo this until you commit. Existing versions keep the items.
        </ConfirmDialog>
      )}
      {(dialog === "split" || dialog === "field") && (
        <BulkDialog
          place={place}
          words={words}
          close={close}
          kind={dialog}
          isBusy={change.isPending}
          error={change.error}
          onApply={apply}
        />
      )}
    </section>
  );
}
