import type { ReactNode } from "react";
import { Dialog, DialogActions, type DialogProps } from "../overlay/dialog.tsx";
import { Button } from "./button.tsx";

type FormDialogProps = {
  title: string;
  description?: ReactNode;
  /** Why the form was not saved, and whether a request is pending. */
  form: { failure: string | undefined; isBusy: boolean };
  /** The verb on the submit button. */
  verb: string;
  onSubmit: () => unknown;
  close: () => void;
  /** Called for the Cancel button instead of `close`, to discard a draft. */
  onCancel?: () => void;
  width?: DialogProps["width"];
  /** The fields of the form. */
  children: ReactNode;
};

/** A form in a dialog, with its error and its buttons. */
export function FormDialog({ form, verb, onSubmit, onCancel, children, ...dialog }: FormDialogProps) {
  return (
    <Dialog {...dialog}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSubmit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        {children}
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button onClick={onCancel ?? dialog.close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
