import type { ItemRow } from "@treadle/contract";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { draftRef } from "../shared/dataset-search.ts";
import { type DatasetPlace, useItemChanges } from "../shared/use-draft.ts";
import { emptyLike, firstExpected } from "./edit-values.ts";
import { reasonOf } from "./item-editor.tsx";
import { type ItemBody, ItemForm, type Problems } from "./item-form.tsx";
import { useStats } from "./use-items.ts";

type NewProps = {
  place: DatasetPlace;
  /** An item whose shape the new item copies. */
  like: ItemRow | undefined;
  close: () => void;
  onMade: (itemId: string | undefined) => void;
};

/** Adds an item to the draft by hand. */
export function NewItem({ place, like, close, onMade }: NewProps) {
  const { add } = useItemChanges(place);
  const stats = useStats(place.datasetId, draftRef(place.branch));
  const [body, setBody] = useState<ItemBody>(() => {
    const inputs = emptyLike(like?.inputs);
    return { inputs, expected: firstExpected(inputs), metadata: {}, split: like?.split ?? null };
  });
  const [id, setId] = useState("");
  const [problems, setProblems] = useState<Problems>({});
  function save() {
    if (Object.keys(problems).length > 0) return;
    add.mutate(
      { ...body, source: { kind: "manual" }, ...(id.trim() !== "" && { itemId: id.trim() }) },
      {
        onSuccess: ({ itemIds }) => {
          toastDone("Added to the draft");
          onMade(itemIds[0]);
        },
      },
    );
  }
  return (
    <Dialog title="New item" description="The item is added at the end of the draft." close={close} width="wide">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
        className="flex flex-col gap-5"
      >
        <ItemForm
          body={body}
          onChange={setBody}
          problems={problems}
          onProblems={setProblems}
          splits={(stats.data?.splits ?? []).flatMap(({ split }) => split ?? [])}
        />
        <Field
          label="Id"
          isOptional
          help="Identifies the item across versions. Leave empty to derive it from the content"
          className="max-w-90"
        >
          {(field) => (
            <TextInput {...field} value={id} maxLength={200} onChange={({ target }) => setId(target.value)} />
          )}
        </Field>
        <Failure text={add.error ? reasonOf(add.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={add.isPending} disabled={Object.keys(problems).length > 0}>
            Add item
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
