import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import {
  formatDifference,
  formatShare,
  intervalWords,
  MEASURE_WORDS,
  VERDICT_LOOKS,
  VERDICT_WORDS,
} from "./measure-words.ts";
import type { RetrievalComparison } from "./use-retrieval-runs.ts";

type Difference = RetrievalComparison["differences"][number];
type Changed = RetrievalComparison["changed"][number];

/** The verdict, the difference of each measure, and the questions that changed most. */
export function ComparisonResult({ comparison }: { comparison: RetrievalComparison }) {
  const { verdict, measure, differences, changed, leftOut } = comparison;
  const main = differences.find((one) => one.measure === measure);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div>
        <p className={`text-base font-semibold ${VERDICT_LOOKS[verdict]}`}>{VERDICT_WORDS[verdict]}</p>
        <p className="text-muted text-pretty">{mainWords(main, leftOut)}</p>
      </div>
      <div className="card overflow-hidden">
        <PlainTable label="Differences" columns={COLUMNS} rows={differences} idOf={(row) => row.measure} />
      </div>
      <p className="text-xs text-muted">
        The verdict above is about {MEASURE_WORDS[measure]} alone. The verdicts of the table are corrected for the
        number of measures (Holm).
      </p>
      {changed.length > 0 && (
        <div className="card overflow-hidden">
          <PlainTable label="Changed questions" columns={CHANGED} rows={changed} idOf={(row) => row.questionId} />
        </div>
      )}
    </div>
  );
}

function mainWords(main: Difference | undefined, leftOut: number): string {
  if (!main) return "";
  const { questions, moreQuestions, verdict } = main;
  const compared = `${formatNumberOf(questions, "question")} compared.`;
  const out =
    leftOut > 0 ? ` ${formatNumberOf(leftOut, "question")} left out, since only one run measured them so.` : "";
  const more =
    verdict === "inconclusive" && moreQuestions !== null
      ? ` About ${formatCount(moreQuestions)} more questions would decide.`
      : "";
  return compared + out + more;
}

const COLUMNS: readonly PlainColumn<Difference>[] = [
  { id: "measure", header: "Measure", className: "w-full", cell: ({ measure }) => MEASURE_WORDS[measure] },
  { id: "base", header: "Base", isNumber: true, isWide: true, cell: ({ base }) => formatShare(base) },
  { id: "head", header: "Compared run", isNumber: true, isWide: true, cell: ({ head }) => formatShare(head) },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: ({ difference, interval }) => (
      <>
        {formatDifference(difference)}
        <span className="block text-xs text-muted">{intervalWords(interval)}</span>
      </>
    ),
  },
  { id: "p", header: "Corrected p", isNumber: true, isWide: true, cell: (row) => formatShare(row.adjustedPValue) },
  {
    id: "verdict",
    header: "Verdict",
    cell: ({ verdict }) => (
      <span className={`md:whitespace-nowrap ${VERDICT_LOOKS[verdict]}`}>{VERDICT_WORDS[verdict]}</span>
    ),
  },
];

const CHANGED: readonly PlainColumn<Changed>[] = [
  {
    id: "question",
    header: "Questions that changed most",
    className: "w-full min-w-44",
    cell: ({ question }) => <span className="[overflow-wrap:anywhere]">{question}</span>,
  },
  { id: "base", header: "Base", isNumber: true, isWide: true, cell: ({ base }) => formatShare(base) },
  { id: "head", header: "Compared run", isNumber: true, isWide: true, cell: ({ head }) => formatShare(head) },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: ({ difference }) => formatDifference(difference),
  },
];
