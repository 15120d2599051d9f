import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Checkbox, Field, TextInput } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { inputOf, type SavedView, useViewChanges, type ViewPage } from "./use-views.ts";
import type { ViewState } from "./view-state.ts";

type DialogProps = {
  /** The view that is renamed; a new one is saved without it. */
  view: SavedView | undefined;
  content: ViewState & { page: ViewPage };
  onSaved: (view: SavedView) => void;
  close: () => void;
};

/** Asks for the name of a view. */
export function ViewDialog({ view, content, onSaved, close }: DialogProps) {
  const { create, replace } = useViewChanges();
  const [isShared, setIsShared] = useState(false);
  const change = view ? replace : create;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name === "") return;
    const onSuccess = (saved: SavedView) => {
      toastDone(view ? `The view is called “${saved.name}” now` : `“${saved.name}” is saved`);
      if (!view) onSaved(saved);
      close();
    };
    if (view) replace.mutate({ ...inputOf(view), name, id: view.id }, { onSuccess });
    else create.mutate({ ...content, name, isShared }, { onSuccess });
  }
  return (
    <Dialog
      title={view ? "Rename the view" : "Save as a view"}
      description={view ? undefined : "The filter, the time, the columns and the order, under a name."}
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" error={change.error ? explain(change.error) : undefined}>
          {(field) => <TextInput {...field} name="name" required maxLength={120} defaultValue={view?.name} autoFocus />}
        </Field>
        {!view && (
          <Checkbox
            label="Share it with everybody in the project"
            checked={isShared}
            onChange={() => setIsShared(!isShared)}
          />
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={change.isPending}>
            {view ? "Rename" : "Save"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
