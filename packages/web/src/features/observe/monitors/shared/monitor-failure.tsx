import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";

/** Why a monitor is not shown. */
export function MonitorFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return (
      <EmptyState title="Monitor not found">It may have been deleted, or it belongs to another project.</EmptyState>
    );
  return <ErrorState error={error} retry={retry} title="The monitor could not be loaded" />;
}
