import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, TextInput } from "./field.tsx";

type ConfirmProps = {
  title: string;
  /** What goes with it, in a sentence. */
  children: ReactNode;
  /** The verb on the button: `Delete`, `Revoke`. */
  verb: string;
  /** Must be typed before the button works; for what cannot be undone. */
  phrase?: string;
  isBusy: boolean;
  onConfirm: () => void;
  close: () => void;
};

/** Asks before something is lost, names it, and says what is lost with it. */
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
                Type <code className="rounded bg-raised px-1 break-all">{phrase}</code> to go on
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
