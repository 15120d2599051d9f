import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Checkbox } from "../../../components/form/field.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { type Probe, useAcceptReference, useDismissSuspicion } from "./use-probes.ts";

type Props = { probe: Probe; close: () => void };

/** Dismissing cannot be undone, because the evidence is deleted. */
export function DismissDialog({ probe: { probeId }, close }: Props) {
  const dismiss = useDismissSuspicion();
  const onSuccess = () => toastDone("Dismissed the suspicion");
  return (
    <ConfirmDialog
      title="Dismiss the suspicion?"
      verb="Dismiss"
      isBusy={dismiss.isPending}
      onConfirm={() => void whenDone(dismiss.mutateAsync(probeId), onSuccess).then(close)}
      close={close}
    >
      The evidence starts again at 0 with the same reference, and an open incident is resolved. You cannot undo this.
    </ConfirmDialog>
  );
}

export function AcceptDialog({ probe: { probeId }, close }: Props) {
  const accept = useAcceptReference();
  const [selectsPrompts, setSelectsPrompts] = useState(false);
  const onSuccess = () => toastDone("The next runs collect a new reference");
  return (
    <ConfirmDialog
      title="Accept the model as it is now?"
      verb="Accept"
      isBusy={accept.isPending}
      onConfirm={() => void whenDone(accept.mutateAsync({ probeId, selectsPrompts }), onSuccess).then(close)}
      close={close}
    >
      <p className="mb-3">
        The evidence starts again, an open incident is resolved, and the next runs collect a new reference. Use it after
        a change that you know.
      </p>
      <Checkbox
        label="Choose the prompts again, as in the set-up"
        checked={selectsPrompts}
        onChange={({ target }) => setSelectsPrompts(target.checked)}
      />
    </ConfirmDialog>
  );
}
