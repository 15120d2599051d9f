import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatBytes, formatCount } from "../../../../components/text/format.ts";
import { isGoing, type Run, useCheckpoints } from "../shared/use-training.ts";
import { formatLoss } from "../shared/words.ts";

type Checkpoint = NonNullable<ReturnType<typeof useCheckpoints>["data"]>[number];

/** The checkpoints of a run, with a mark on the checkpoint that became the model. */
export function CheckpointsTab({ run }: { run: Run }) {
  const list = useCheckpoints({ trainingRunId: run.trainingRunId, isLive: isGoing(run) });
  if (list.error && !list.data)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The checkpoints could not be loaded" />;
  if (list.data?.length === 0)
    return (
      <EmptyState title="No checkpoints yet">
        A checkpoint is written every {formatCount(run.config.save.every)} steps, and when you stop or pause the run.
      </EmptyState>
    );
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Checkpoints"
        columns={columnsOf(run)}
        rows={list.data}
        idOf={({ step, createdAt }) => `${step} ${createdAt}`}
      />
    </div>
  );
}

const columnsOf = ({ result }: Run): readonly PlainColumn<Checkpoint>[] => [
  {
    id: "step",
    header: "Step",
    className: "w-full",
    cell: ({ step, isBest, isThere }) => (
      <span className="num">
        {formatCount(step)}
        {isBest && <span className="ml-2 rounded bg-accent-soft px-1.5 text-xs text-accent">best</span>}
        {result?.step === step && <span className="ml-2 rounded bg-raised px-1.5 text-xs text-good">model</span>}
        {!isThere && <span className="ml-2 text-xs text-muted">deleted</span>}
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
  { id: "made", header: "Created", cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
