import { useState } from "react";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { formatBytes, formatNumberOf } from "../../../components/text/format.ts";
import { useProject } from "../session/index.ts";
import { type RefusedBatch, useDeleteBatch, useRefusedBatches, useReplayBatch } from "./use-system.ts";

/** Acknowledged rows that are safe on disk, but that the database rejects, with the reason and actions. */
export function RefusedBatches() {
  const batches = useRefusedBatches();
  const [deleted, setDeleted] = useState<RefusedBatch>();
  if (batches.error && !batches.data)
    return (
      <ErrorState
        error={batches.error}
        retry={() => batches.refetch()}
        title="The undeliverable batches could not be listed"
      />
    );
  const items = batches.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section
      title="Undeliverable"
      description="Treadle accepted these rows and stores them on disk, but their database rejects them. Fix the cause, then replay the rows."
    >
      <ul className="divide-y divide-line border-line border-t">
        {items.map((batch) => (
          <BatchRow key={batch.batchId} batch={batch} onDelete={() => setDeleted(batch)} />
        ))}
      </ul>
      {deleted && <DeleteBatch batch={deleted} close={() => setDeleted(undefined)} />}
    </Section>
  );
}

function BatchRow({ batch, onDelete }: { batch: RefusedBatch; onDelete: () => void }) {
  const replay = useReplayBatch();
  const project = useProject();
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="num min-w-64 grow basis-96">
        <p>
          <span className="font-medium">
            {formatNumberOf(batch.rows, "row")} for {batch.table}
          </span>{" "}
          <span className="text-muted">
            {formatBytes(batch.bytes)}, first rejected <AgoCell iso={batch.firstFailedAt} />,{" "}
            {formatNumberOf(batch.attempts, "attempt")}
          </span>
        </p>
        <p className="mt-0.5 break-words text-bad [overflow-wrap:anywhere]">{batch.error}</p>
        <code className="text-xs text-muted">{batch.batchId}</code>
      </div>
      {project.can("system:write") && (
        <div className="flex gap-2 self-center">
          <Button
            isBusy={replay.isPending}
            onClick={() =>
              void whenDone(replay.mutateAsync(batch.batchId), ({ rows }) =>
                toastDone(`Stored ${formatNumberOf(rows, "row")}`),
              )
            }
          >
            Replay
          </Button>
          <Button kind="danger" onClick={onDelete}>
            Delete…
          </Button>
        </div>
      )}
    </li>
  );
}

function DeleteBatch({ batch, close }: { batch: RefusedBatch; close: () => void }) {
  const remove = useDeleteBatch();
  function confirm() {
    remove.mutate(batch.batchId, {
      onSuccess: () => {
        toastDone(`Deleted ${batch.batchId}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${formatNumberOf(batch.rows, "row")} permanently?`}
      verb="Delete rows"
      phrase={batch.batchId}
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      Treadle confirmed these rows to their senders, and no other copy exists. You cannot undo this.
    </ConfirmDialog>
  );
}
