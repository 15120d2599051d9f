import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { RunStatus } from "../shared/run-status.tsx";
import type { Run } from "../shared/use-training.ts";
import { dataWords, formatLoss, methodWords, timeWords } from "../shared/words.ts";

type TableProps = {
  rows: readonly Run[] | undefined;
  picked: ReadonlySet<string>;
  onPick: (trainingRunId: string) => void;
};

/** The table of training runs. The keys j and k move through it, and runs can be picked for a comparison. */
export function TrainingTable({ rows, picked, onPick }: TableProps) {
  const navigate = useNavigate();
  const box = useRowKeys("Training");
  return (
    <div ref={box}>
      <PlainTable
        label="Training runs"
        columns={columnsFor(picked, onPick)}
        rows={rows}
        idOf={({ trainingRunId }) => trainingRunId}
        onOpen={({ trainingRunId }) => void navigate({ to: "/training/$trainingRunId", params: { trainingRunId } })}
      />
    </div>
  );
}

const columnsFor = (
  picked: ReadonlySet<string>,
  onPick: (trainingRunId: string) => void,
): readonly PlainColumn<Run>[] => [
  {
    id: "pick",
    header: <span className="sr-only">Compare</span>,
    cell: ({ trainingRunId, name }) => (
      <input
        type="checkbox"
        aria-label={`Compare ${name}`}
        className="size-4 accent-accent"
        checked={picked.has(trainingRunId)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => onPick(trainingRunId)}
      />
    ),
  },
  { id: "name", header: "Name", className: "w-full min-w-36", cell: (run) => <NameCell run={run} /> },
  { id: "status", header: "Status", cell: (run) => <RunStatus run={run} /> },
  {
    id: "method",
    header: "Method",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ config }) => methodWords(config),
  },
  {
    id: "loss",
    header: "Loss",
    isNumber: true,
    isWide: true,
    cell: ({ progress }) => formatLoss(progress.loss),
  },
  {
    id: "eval",
    header: "Best eval loss",
    isNumber: true,
    cell: ({ progress }) => (
      <span className="font-medium">{formatLoss(progress.bestEvalLoss ?? progress.evalLoss)}</span>
    ),
  },
  { id: "time", header: "Time", isNumber: true, isWide: true, cell: timeWords },
  { id: "made", header: "Started", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

function NameCell({ run }: { run: Run }) {
  const { trainingRunId, name } = run;
  return (
    <span className="flex min-w-0 flex-col">
      <Link
        to="/training/$trainingRunId"
        params={{ trainingRunId }}
        data-row
        onClick={(event) => event.stopPropagation()}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      <span className="line-clamp-1 text-xs text-muted [overflow-wrap:anywhere]">
        {run.base.ref} on {dataWords(run)}
      </span>
    </span>
  );
}
