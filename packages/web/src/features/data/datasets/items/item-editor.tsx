import type { ItemRow } from "@treadle/contract";
import { type KeyboardEvent, useState } from "react";
import { ApiError, explain } from "../../../../api.ts";
import { printKeys } from "../../../../components/browser/keys.ts";
import { store, useStored } from "../../../../components/browser/stored-state.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { draftRef } from "../shared/dataset-search.ts";
import { changesBetween } from "../shared/field-changes.ts";
import { type DatasetPlace, useDraftMoves, useItemChanges } from "../shared/use-draft.ts";
import { type ItemBody, ItemForm, type Problems } from "./item-form.tsx";
import { useStats } from "./use-items.ts";

type Kept = { rowHash: string; body: ItemBody } | null;
type EditorProps = { place: DatasetPlace; item: ItemRow; onDone: () => void };

/** The editor of an item. Unsaved changes stay in this browser until they are saved or discarded. */
export function ItemEditor({ place, item, onDone }: EditorProps) {
  const { replace } = useItemChanges(place);
  const { undo } = useDraftMoves(place);
  const stats = useStats(place.datasetId, draftRef(place.branch));
  const key = `item-edit.${place.datasetId}.${place.branch}.${item.itemId}`;
  const [kept] = useStored<Kept>(key, null);
  const was = bodyOf(item);
  const [body, setBody] = useState<ItemBody>(kept?.rowHash === item.rowHash ? kept.body : was);
  const [problems, setProblems] = useState<Problems>({});
  const isChanged = changesBetween(was, body).length > 0;
  const isWrong = Object.keys(problems).length > 0;
  function change(next: ItemBody) {
    setBody(next);
    store(key, { rowHash: item.rowHash, body: next });
  }
  function leave() {
    store(key, null);
    onDone();
  }
  function save() {
    if (isWrong || replace.isPending) return;
    if (!isChanged) return leave();
    replace.mutate(
      { itemId: item.itemId, item: { ...body, source: item.source }, rowHash: item.rowHash },
      {
        onSuccess: () => {
          leave();
          toastDone("Saved in the draft", { label: "Undo", run: () => undo.mutate() });
        },
      },
    );
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && !isChanged) {
      leave();
    }
  }
  return (
    <form
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      className="flex min-h-full flex-col"
    >
      <div className="grow p-4">
        <ItemForm
          body={body}
          onChange={change}
          problems={problems}
          onProblems={setProblems}
          splits={(stats.data?.splits ?? []).flatMap(({ split }) => split ?? [])}
        />
      </div>
      <div className="sticky bottom-0 flex flex-col gap-2 border-line border-t bg-panel px-4 py-2.5">
        <Failure text={replace.error ? reasonOf(replace.error) : undefined} />
        <div className="flex items-center justify-end gap-2">
          <span className="mr-auto text-xs text-muted max-sm:hidden">
            {isChanged ? `${printKeys("mod+Enter")} saves` : "no changes yet"}
          </span>
          <Button onClick={leave}>{isChanged ? "Discard changes" : "Cancel"}</Button>
          <Button type="submit" kind="primary" disabled={!isChanged || isWrong} isBusy={replace.isPending}>
            Save
          </Button>
        </div>
      </div>
    </form>
  );
}

const bodyOf = ({ inputs, expected, metadata, split }: ItemRow): ItemBody => ({
  inputs,
  expected: expected ?? null,
  metadata,
  split,
});

/** Lists schema violations, one line per path. */
export function reasonOf(error: unknown): string {
  const details = error instanceof ApiError ? error.details : undefined;
  const issues =
    typeof details === "object" && details !== null && "issues" in details && Array.isArray(details.issues)
      ? details.issues
      : [];
  const lines = issues.flatMap((issue: unknown) =>
    typeof issue === "object" && issue !== null && "message" in issue
      ? [`${"path" in issue ? `${String(issue.path)}: ` : ""}${String(issue.message)}`]
      : [],
  );
  return [explain(error), ...lines].join("\n");
}
