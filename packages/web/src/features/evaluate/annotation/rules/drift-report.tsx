import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatTime } from "../../../../components/text/format.ts";
import { columnWords, OUTCOME_LOOKS, wordsOfLack } from "./drift-words.ts";
import type { Rule } from "./use-rules.ts";

type Report = NonNullable<NonNullable<Rule["drift"]>["last"]>;
type Finding = Report["findings"][number];
type Taken = { traceId: string; spanId: string; preview: string; reason: string };

const number = (value: number | null) =>
  value === null ? <span className="text-faint">–</span> : value.toPrecision(2);

const COLUMNS: readonly PlainColumn<Finding>[] = [
  {
    id: "column",
    header: "Column",
    className: "w-full min-w-24",
    cell: ({ column, ...finding }) => (
      <span className="flex flex-col [overflow-wrap:anywhere]">
        {columnWords(column)}
        {finding.outcome === "too-little" && <span className="text-xs text-muted">{wordsOfLack(finding)}</span>}
      </span>
    ),
  },
  {
    id: "outcome",
    header: "Outcome",
    cell: ({ outcome }) => (
      <span className={`whitespace-nowrap ${OUTCOME_LOOKS[outcome].look}`}>● {OUTCOME_LOOKS[outcome].word}</span>
    ),
  },
  {
    id: "change",
    header: "Change",
    isNumber: true,
    isWide: true,
    cell: ({ change, test }) => (
      <span title={test === "mmd" ? "Squared maximum mean discrepancy" : "Population stability index above noise"}>
        {number(change)}
      </span>
    ),
  },
  { id: "p", header: "Corrected p", isNumber: true, cell: ({ adjustedP }) => number(adjustedP) },
  {
    id: "sizes",
    header: "Now / before",
    isNumber: true,
    isWide: true,
    cell: ({ window, reference }) => `${formatCount(window)} / ${formatCount(reference)}`,
  },
];

/** The test result of a window by column, with the most unusual spans. */
export function DriftReport({ report, spans = [] }: { report: Report; spans?: readonly Taken[] }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="num text-xs text-muted">
        {formatTime(report.from)} to {formatTime(report.to)}, compared with the time since{" "}
        {formatTime(report.referenceFrom)}.
      </p>
      <div className="card overflow-hidden">
        <PlainTable
          label="Drift by column"
          columns={COLUMNS}
          rows={report.findings}
          idOf={({ column }) => JSON.stringify(column)}
        />
      </div>
      {spans.length > 0 && (
        <>
          <h3 className="text-sm font-medium">{formatNumberOf(report.taken, "span")} would be added</h3>
          <ul className="card divide-y divide-line">
            {spans.map(({ traceId, spanId, preview, reason }) => (
              <li key={traceId + spanId} className="px-4 py-2">
                <p className="line-clamp-2 [overflow-wrap:anywhere]">{preview}</p>
                <p className="num text-xs text-muted">{reason}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
