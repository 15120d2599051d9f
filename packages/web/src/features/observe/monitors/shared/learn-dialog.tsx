import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { type Monitor, useUpdateMonitor } from "./use-monitors.ts";

/** Makes a monitor for changes forget its past. This cannot be undone, because open incidents are resolved. */
export function LearnDialog({ monitor, close }: { monitor: Monitor; close: () => void }) {
  const { monitorId, name, condition } = monitor;
  const update = useUpdateMonitor(monitorId, "The monitor does not learn again");
  if (condition.kind !== "change") return null;
  const learn = () =>
    whenDone(update.mutateAsync({ condition: { ...condition, learnSince: new Date().toISOString() } }), () =>
      toastDone(`${name} learns again from now`),
    );
  return (
    <ConfirmDialog
      title="Learn again from now?"
      verb="Learn again"
      isBusy={update.isPending}
      onConfirm={() => void learn().then(close)}
      close={close}
    >
      All series start again, earlier values are not learned, and open incidents of the monitor are resolved. You cannot
      undo this.
    </ConfirmDialog>
  );
}
