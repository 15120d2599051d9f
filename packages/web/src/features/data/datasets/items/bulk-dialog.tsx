import type { BulkChange } from "@treadle/contract";
import { useId, useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { draftRef } from "../shared/dataset-search.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { reasonOf } from "./item-editor.tsx";
import { useStats } from "./use-items.ts";

type DialogProps = {
  place: DatasetPlace;
  kind: "split" | "field";
  /** The number of items, in words. */
  words: string;
  isBusy: boolean;
  error: unknown;
  onApply: (change: BulkChange) => void;
  close: () => void;
};
const ACTIONS = ["set", "remove"] as const;
const ACTION_WORDS = { set: "Set", remove: "Remove" } as const;

/** Sets the split or a field of many items. */
export function BulkDialog({ place, kind, words, isBusy, error, onApply, close }: DialogProps) {
  const stats = useStats(place.datasetId, draftRef(place.branch));
  const listId = useId();
  const [action, setAction] = useState<(typeof ACTIONS)[number]>("set");
  const [field, setField] = useState("");
  const [text, setText] = useState("");
  const names =
    kind === "split"
      ? (stats.data?.splits ?? []).flatMap(({ split }) => split ?? [])
      : ["expected", ...(stats.data?.fields ?? []).map((one) => one.field)];
  function submit() {
    if (kind === "split") return onApply({ kind: "set-split", split: field.trim() || null });
    if (action === "remove") return onApply({ kind: "remove-field", field: field.trim() });
    onApply({ kind: "set-field", field: field.trim(), value: valueIn(text) });
  }
  return (
    <Dialog
      title={kind === "split" ? `Set split of ${words}` : `Set field of ${words}`}
      description="This becomes one step of the draft. You can undo it."
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        {kind === "field" && (
          <Choice label="Action" names={ACTIONS} words={ACTION_WORDS} chosen={action} onChoose={setAction} />
        )}
        <Field
          label={kind === "split" ? "Split" : "Field"}
          help={
            kind === "split"
              ? "For example train, validation or test. Leave empty for no split."
              : "For example metadata.topic or expected"
          }
        >
          {(control) => (
            <>
              <TextInput
                {...control}
                list={listId}
                value={field}
                onChange={({ target }) => setField(target.value)}
                required={kind === "field"}
                autoFocus
                placeholder={kind === "split" ? "train" : "metadata.topic"}
              />
              <datalist id={listId}>
                {[...new Set(names)].map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        {kind === "field" && action === "set" && (
          <Field label="Value" help="Text, or JSON such as 3, true or an object. Quoted text stays text.">
            {(control) => <TextInput {...control} value={text} onChange={({ target }) => setText(target.value)} />}
          </Field>
        )}
        <Failure text={error ? reasonOf(error) : undefined} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            Apply to {words}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Parses JSON; any other text stays text. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
