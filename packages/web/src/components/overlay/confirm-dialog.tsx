import { type ReactNode, useState } from "react";
import { Button } from "../form/button.tsx";
import { Field, TextInput } from "../form/field.tsx";
import { Dialog } from "./dialog.tsx";

type ConfirmProps = {
  title: string;
  /** What else is deleted, as a sentence. */
  children: ReactNode;
  /** The verb on the button: `Delete`, `Revoke`. */
  verb: string;
  /** Must be typed before the button works; for what cannot be undone. */
  phrase?: string;
  isBusy: boolean;
  onConfirm: () => void;
  close: () => void;
};

/** Asks for confirmation before a deletion and names what is deleted. */
export function ConfirmDialog({ title, children, verb, phrase, isBusy, onConfirm, close }: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const isReady = phrase === undefined || typed === phrase;
  return (
    <Dialog title={title} close={close} width="narrow">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onConfirm();
        }}
        className="flex flex-col gap-4"
      >
        <div className="text-pretty">{children}</div>
        {phrase !== undefined && (
          <Field
            label={
              <>
                Type <code className="rounded bg-raised px-1 break-all">{phrase}</code> to confirm
              </>
            }
          >
            {(field) => (
              <TextInput
                {...field}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                autoFocus
              />
            )}
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="danger" disabled={!isReady} isBusy={isBusy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
