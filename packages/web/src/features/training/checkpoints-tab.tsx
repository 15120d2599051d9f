import { AgoCell } from "../../components/cells.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { isGoing, type Run, useCheckpoints } from "./use-training.ts";
import { formatLoss } from "./words.ts";

type Checkpoint = NonNullable<ReturnType<typeof useCheckpoints>["data"]>[number];

/** What the run has saved: the best one is what it gives. */
export function CheckpointsTab({ run }: { run: Run }) {
  const list = useCheckpoints({ trainingRunId: run.trainingRunId, isLive: isGoing(run) });
  if (list.error && !list.data)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The checkpoints could not be loaded" />;
  if (list.data?.length === 0)
    return (
      <EmptyState title="No checkpoint yet">
        One is written every {formatCount(run.config.save.every)} steps, and when the run is stopped or paused.
      </EmptyState>
    );
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Checkpoints"
        columns={COLUMNS}
        rows={list.data}
        idOf={({ step, createdAt }) => `${step} ${createdAt}`}
      />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Checkpoint>[] = [
  {
    id: "step",
    header: "Step",
    className: "w-full",
    cell: ({ step, isBest, isThere }) => (
      <span className="num">
        {formatCount(step)}
        {isBest && <span className="ml-2 rounded bg-accent-soft px-1.5 text-xs text-accent">best</span>}
        {!isThere && <span className="ml-2 text-xs text-muted">not kept</span>}
      </span>
    ),
  },
  { id: "loss", header: "Evaluation loss", isNumber: true, cell: ({ evalLoss }) => formatLoss(evalLoss) },
  {
    id: "size",
    header: "Size",
    isNumber: true,
    cell: ({ sizeBytes, isThere }) => (isThere ? formatBytes(sizeBytes) : "–"),
  },
  { id: "made", header: "Written", cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
