import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { chartsOf } from "../shared/json-box.tsx";
import { useDashboardChanges } from "../shared/use-dashboards.ts";

type DeleteProps = {
  dashboard: { dashboardId: string; name: string; chartCount: number };
  close: () => void;
  onDeleted?: () => void;
};

/** Asks before a dashboard that others may use is deleted for all of them. */
export function DeleteDashboard({ dashboard: { dashboardId, name, chartCount }, close, onDeleted }: DeleteProps) {
  const { remove } = useDashboardChanges();
  return (
    <ConfirmDialog
      title={`Delete “${name}”?`}
      verb="Delete"
      isBusy={remove.isPending}
      onConfirm={() =>
        remove.mutate(dashboardId, {
          onSuccess: () => {
            close();
            onDeleted?.();
          },
          onError: close,
        })
      }
      close={close}
    >
      This deletes the dashboard and its {chartsOf(chartCount)} for all project members. The spans remain.
    </ConfirmDialog>
  );
}
