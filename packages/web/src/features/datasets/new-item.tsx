import type { ItemRow } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { draftRef } from "./dataset-search.ts";
import { emptyLike, firstExpected } from "./edit-values.ts";
import { reasonOf } from "./item-editor.tsx";
import { type ItemBody, ItemForm, type Problems } from "./item-form.tsx";
import { type DatasetPlace, useItemChanges } from "./use-draft.ts";
import { useStats } from "./use-items.ts";

type NewProps = {
  place: DatasetPlace;
  /** An item whose shape the new one begins with. */
  like: ItemRow | undefined;
  close: () => void;
  onMade: (itemId: string | undefined) => void;
};

/** Writes an item into the draft by hand. */
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
    <Dialog title="New item" description="It goes into the draft, at the end." close={close} width="wide">
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
          help="Names the item across versions; left empty, it gets one from its content"
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
            Add the item
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
