import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { chartsOf } from "./json-box.tsx";
import { useDashboardChanges } from "./use-dashboards.ts";

type DeleteProps = {
  dashboard: { id: string; name: string; chartCount: number };
  close: () => void;
  onDeleted?: () => void;
};

/** Asks before a dashboard that others may use is deleted for all of them. */
export function DeleteDashboard({ dashboard: { id, name, chartCount }, close, onDeleted }: DeleteProps) {
  const { remove } = useDashboardChanges();
  return (
    <ConfirmDialog
      title={`Delete “${name}”?`}
      verb="Delete"
      isBusy={remove.isPending}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            close();
            onDeleted?.();
          },
          onError: close,
        })
      }
      close={close}
    >
      It goes for everybody in the project, with its {chartsOf(chartCount)}. The spans that it shows stay.
    </ConfirmDialog>
  );
}
