import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { type Monitor, useDeleteMonitor } from "./use-monitors.ts";

type DeleteProps = { monitor: Monitor; close: () => void; onDeleted?: () => void };

/** Asks before a monitor is deleted. */
export function DeleteMonitor({ monitor: { monitorId, name }, close, onDeleted }: DeleteProps) {
  const remove = useDeleteMonitor();
  const onSuccess = () => {
    toastDone(`Deleted ${name}`);
    onDeleted?.();
  };
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete monitor"
      isBusy={remove.isPending}
      onConfirm={() => void whenDone(remove.mutateAsync(monitorId), onSuccess).then(close)}
      close={close}
    >
      Its series and their history are deleted. Its incidents remain. To stop only the evaluations, disable it instead.
    </ConfirmDialog>
  );
}
