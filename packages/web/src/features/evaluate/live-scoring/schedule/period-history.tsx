import { Link } from "@tanstack/react-router";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatMoney } from "../../../../components/text/format.ts";
import { stopWords } from "../../experiments/index.ts";
import { formatValue } from "../../scorers/index.ts";
import { PeriodChart } from "./period-chart.tsx";
import { type Period, usePeriods } from "./use-schedule.ts";
import { utcTime } from "./utc-time.ts";

const WORDS: Readonly<Record<Period["state"], string>> = {
  preparing: "preparing",
  empty: "no traffic in the period",
  scoring: "scoring",
  done: "done",
  failed: "failed",
  deleted: "run deleted",
};

const COLUMNS: readonly PlainColumn<Period>[] = [
  {
    id: "period",
    header: "Period up to",
    cell: (period) => <PeriodLink period={period} />,
  },
  { id: "scores", header: "Scores (95% interval)", className: "w-full", cell: (period) => <Scores period={period} /> },
  {
    id: "traces",
    header: "Traces",
    isNumber: true,
    isWide: true,
    cell: ({ traces, matching }) => (
      <span title={`${formatCount(matching)} traces matched`} className="whitespace-nowrap">
        {formatCount(traces)} of {formatCount(matching)}
      </span>
    ),
  },
  {
    id: "cost",
    header: "Cost",
    isNumber: true,
    isWide: true,
    cell: ({ runId, costUsd }) => (runId === null ? "–" : formatMoney(costUsd)),
  },
];

/** The periods of a schedule: the scores over time, and the run of each. */
export function PeriodHistory({ ruleId }: { ruleId: string }) {
  const list = usePeriods(ruleId);
  const periods = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !periods)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The runs could not be loaded" />;
  if (periods?.length === 0) return <p className="text-muted">No runs yet.</p>;
  return (
    <div className="flex flex-col gap-4">
      {periods && <PeriodChart periods={periods} />}
      <div className="card overflow-hidden">
        <PlainTable label="Scheduled runs" columns={COLUMNS} rows={periods} idOf={({ to }) => to} />
        <MoreRows list={list} />
      </div>
    </div>
  );
}

function PeriodLink({ period: { from, to, runId } }: { period: Period }) {
  const text = (
    <time dateTime={to} title={`${utcTime(from)} to ${utcTime(to)}`} className="num">
      {utcTime(to)}
    </time>
  );
  if (runId === null) return text;
  return (
    <Link to="/experiments/compare" search={{ heads: runId, tab: "items" }} className="underline underline-offset-2">
      {text}
    </Link>
  );
}

function Scores({ period }: { period: Period }) {
  const { state, scorers, scores, error, stopped } = period;
  return (
    <span className="flex min-w-0 flex-col py-1">
      {state === "done" || state === "scoring"
        ? scorers.map(({ key, name, output }) => (
            <span key={key} className="[overflow-wrap:anywhere]">
              {name} <ScoreWords output={output} summary={scores.find(({ scorer }) => scorer === key)} />
            </span>
          ))
        : null}
      {state !== "done" && !(state === "empty" && error) && (
        <span className={`text-xs ${state === "failed" ? "text-bad" : "text-muted"}`}>{WORDS[state]}</span>
      )}
      {stopped !== null && stopped !== "finished" && <span className="text-xs text-warn">{stopWords(stopped)}</span>}
      {error && <span className="text-xs text-warn [overflow-wrap:anywhere]">{error}</span>}
    </span>
  );
}

type WordsProps = { output: Period["scorers"][number]["output"]; summary: Period["scores"][number] | undefined };

function ScoreWords({ output, summary }: WordsProps) {
  if (!summary || summary.value === null) return <span className="text-muted">no score</span>;
  const { value, interval } = summary;
  return (
    <span className="num">
      <span className="font-medium">{formatValue(value, output)}</span>
      {interval && (
        <span className="text-muted">
          {" "}
          ({formatValue(interval.low, output)} to {formatValue(interval.high, output)})
        </span>
      )}
    </span>
  );
}
