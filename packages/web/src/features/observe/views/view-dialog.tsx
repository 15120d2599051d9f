import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
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
      toastDone(view ? `Renamed the view to “${saved.name}”` : `Saved “${saved.name}”`);
      if (!view) onSaved(saved);
      close();
    };
    if (view) replace.mutate({ ...inputOf(view), name, viewId: view.viewId }, { onSuccess });
    else create.mutate({ ...content, name, isShared }, { onSuccess });
  }
  return (
    <Dialog
      title={view ? "Rename view" : "Save view"}
      description={view ? undefined : "Saves the filter, time range, columns and sort order under a name."}
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" error={change.error ? explain(change.error) : undefined}>
          {(field) => <TextInput {...field} name="name" required maxLength={120} defaultValue={view?.name} autoFocus />}
        </Field>
        {!view && (
          <Checkbox label="Share with all project members" checked={isShared} onChange={() => setIsShared(!isShared)} />
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
