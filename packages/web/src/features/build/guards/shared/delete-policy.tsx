import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type Policy, useDeletePolicy } from "./use-guards.ts";

type DeleteProps = { policy: Policy; close: () => void; onDeleted: () => void };

/** Asks before a policy is deleted. Its versions go with it, so there is no way back. */
export function DeletePolicy({ policy: { policyId, name, version }, close, onDeleted }: DeleteProps) {
  const remove = useDeletePolicy();
  const confirm = () =>
    void whenDone(remove.mutateAsync(policyId), () => {
      toastDone(`Deleted ${name}`);
      close();
      onDeleted();
    });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete policy"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      The next request is not checked by it. This also deletes its {formatNumberOf(version, "version")}. To stop it
      temporarily, turn it off.
    </ConfirmDialog>
  );
}
