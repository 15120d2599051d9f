import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatBytes, formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { type RefusedBatch, useDeleteBatch, useRefusedBatches, useReplayBatch } from "./use-system.ts";

/** Rows that were acknowledged and are safe on disk, but that their store refuses: why, and what can be done. */
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
      description="These rows were accepted and are kept on disk, but their store refuses them. Mend the cause, then replay."
    >
      <ul className="divide-y divide-line border-line border-t">
        {items.map((batch) => (
          <BatchRow key={batch.id} batch={batch} onDelete={() => setDeleted(batch)} />
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
            {formatBytes(batch.bytes)}, refused first <AgoCell iso={batch.firstFailedAt} />,{" "}
            {formatNumberOf(batch.attempts, "try", "tries")}
          </span>
        </p>
        <p className="mt-0.5 break-words text-bad [overflow-wrap:anywhere]">{batch.error}</p>
        <code className="text-xs text-muted">{batch.id}</code>
      </div>
      {project.can("system:write") && (
        <div className="flex gap-2 self-center">
          <Button
            isBusy={replay.isPending}
            onClick={() =>
              replay.mutate(batch.id, { onSuccess: ({ rows }) => toastDone(`Stored ${formatNumberOf(rows, "row")}`) })
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
    remove.mutate(batch.id, {
      onSuccess: () => {
        toastDone(`Deleted ${batch.id}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${formatNumberOf(batch.rows, "row")} for good?`}
      verb="Delete the rows"
      phrase={batch.id}
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      They were acknowledged to whoever sent them and are nowhere else. This cannot be undone.
    </ConfirmDialog>
  );
}
