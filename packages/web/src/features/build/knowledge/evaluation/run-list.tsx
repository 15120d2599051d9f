import { ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatDuration } from "../../../../components/text/format.ts";
import { formatShare, MEASURE_WORDS } from "./measure-words.ts";
import type { QuestionSet } from "./use-question-sets.ts";
import { isActive, type RetrievalRun, useCancelRun, useDeleteRun, useRetrievalRuns } from "./use-retrieval-runs.ts";

const SHOWN = ["ndcg10", "map", "mrr10", "hit1", "recall", "unjudged10"] as const;

/** The runs of a set with their measures, newest first. */
export function RunList({ set, canWrite }: { set: QuestionSet; canWrite: boolean }) {
  const list = useRetrievalRuns(set.questionSetId);
  const runs = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !runs)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The runs could not be loaded" />;
  const columns = canWrite ? [...COLUMNS, ACTIONS] : COLUMNS;
  return (
    <Section title="Runs">
      {runs?.length === 0 ? (
        <p className="px-4 pb-4 text-muted">
          {set.questions === 0 ? "Add or import questions first." : "No runs yet. Start one to see its measures here."}
        </p>
      ) : (
        <PlainTable label="Runs" columns={columns} rows={runs} idOf={({ retrievalRunId }) => retrievalRunId} />
      )}
      <MoreRows list={list} />
    </Section>
  );
}

const measureColumn = (measure: (typeof SHOWN)[number]): PlainColumn<RetrievalRun> => ({
  id: measure,
  header: MEASURE_WORDS[measure],
  isNumber: true,
  isWide: measure !== "ndcg10",
  cell: ({ measures }) => <MeasureCell value={measures.find((one) => one.measure === measure)} />,
});

function MeasureCell({ value }: { value: RetrievalRun["measures"][number] | undefined }) {
  if (!value) return <span className="text-muted">–</span>;
  const { mean, interval, questions } = value;
  const ends = interval && `${formatShare(interval.low)} to ${formatShare(interval.high)}`;
  return (
    <span title={`${ends ? `95% interval ${ends}, ` : ""}${questions} questions`}>
      {formatShare(mean)}
      {ends && value.measure === "ndcg10" && <span className="block text-xs text-muted">{ends}</span>}
    </span>
  );
}

const COLUMNS: readonly PlainColumn<RetrievalRun>[] = [
  { id: "name", header: "Run", className: "w-full min-w-44", cell: (run) => <NameCell run={run} /> },
  ...SHOWN.map(measureColumn),
  {
    id: "latency",
    header: "Median latency",
    isNumber: true,
    isWide: true,
    cell: ({ latencyP50Ms }) => formatDuration(latencyP50Ms),
  },
];
const ACTIONS: PlainColumn<RetrievalRun> = {
  id: "actions",
  header: <span className="sr-only">Actions</span>,
  cell: (run) => <RunAction run={run} />,
};

function NameCell({ run }: { run: RetrievalRun }) {
  const { name, state, error, answered, questions, failures, lostJudgements } = run;
  const notes = [
    failures > 0 && `${failures} failed`,
    lostJudgements > 0 && `${lostJudgements} judgements are not in this version`,
    state === "cancelled" && "canceled",
  ].filter(Boolean);
  return (
    <div className="min-w-0 [overflow-wrap:anywhere]">
      {name}
      {isActive(run) && (
        <span role="status" className="num block text-xs text-info">
          {state === "queued" ? "Queued" : `${answered} of ${questions} questions`}
        </span>
      )}
      {state === "failed" && <span className="block text-xs text-bad">{error ?? "The run failed."}</span>}
      {notes.length > 0 && <span className="block text-xs text-warn">{notes.join(" · ")}</span>}
      <Threshold run={run} />
    </div>
  );
}

/** The suggested score below which an application should not answer. */
function Threshold({ run: { answerThreshold } }: { run: RetrievalRun }) {
  if (answerThreshold?.threshold === null || answerThreshold?.threshold === undefined) return null;
  const { signal, threshold, balancedAccuracy } = answerThreshold;
  const score = signal === "meaning" ? "cosine similarity" : "BM25 score";
  return (
    <span className="num block text-xs text-muted">
      No answer below a {score} of {formatShare(threshold)} (balanced accuracy {formatShare(balancedAccuracy)})
    </span>
  );
}

function RunAction({ run }: { run: RetrievalRun }) {
  const [cancel, remove] = [useCancelRun(), useDeleteRun()];
  const { retrievalRunId } = run;
  return isActive(run) ? (
    <Button size="small" isBusy={cancel.isPending} onClick={() => cancel.mutate(retrievalRunId)}>
      Cancel
    </Button>
  ) : (
    <Button size="small" isBusy={remove.isPending} onClick={() => remove.mutate(retrievalRunId)}>
      Delete
    </Button>
  );
}
