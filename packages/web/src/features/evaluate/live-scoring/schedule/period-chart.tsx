import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { TimeChart } from "../../../../components/chart/time-chart.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Period } from "./use-schedule.ts";

const HEIGHT = 170;
const MOST_CHARTS = 4;
const LEAST_RUNS = 2;
const OPEN: ReadonlySet<Period["state"]> = new Set(["preparing", "scoring"]);

/** The scores of the runs over time with their intervals, one chart for each of the first scorers. Periods without a run are gaps. */
export function PeriodChart({ periods }: { periods: readonly Period[] }) {
  const ended = useMemo(() => periods.filter(({ state }) => !OPEN.has(state)).toReversed(), [periods]);
  const done = ended.filter(({ state }) => state === "done");
  const scorers = done.at(-1)?.scorers ?? [];
  if (done.length < LEAST_RUNS) return null;
  return (
    <>
      {scorers.slice(0, MOST_CHARTS).map((scorer) => (
        <ScoreChart key={scorer.key} scorer={scorer} periods={ended} />
      ))}
    </>
  );
}

type ChartProps = { scorer: Period["scorers"][number]; periods: readonly Period[] };

function ScoreChart({ scorer: { key, name, output }, periods }: ChartProps) {
  const navigate = useNavigate();
  const plot = useMemo(() => plotOf(key, periods), [key, periods]);
  const open = (from: Date) => {
    const period = periods.find((one) => Date.parse(one.from) <= from.getTime() && from.getTime() < Date.parse(one.to));
    if (period?.runId) void navigate({ to: "/experiments/compare", search: { heads: period.runId, tab: "items" } });
  };
  return (
    <TimeChart
      title={name}
      times={plot.times}
      bucketSeconds={plot.bucketSeconds}
      height={HEIGHT}
      format={(value) => formatValue(value, output)}
      onOpen={open}
      onZoom={open}
      footnote={(row) => formatNumberOf(periods[row]?.traces ?? 0, "trace")}
      series={[{ label: `${name} (95% interval)`, color: "--series-1", kind: "line", values: plot.values }]}
      marks={plot.marks}
    />
  );
}

function plotOf(key: string, periods: readonly Period[]) {
  const summaries = periods.map(({ scores }) => scores.find(({ scorer }) => scorer === key));
  const [first] = periods;
  return {
    times: periods.map(({ from }) => Date.parse(from) / 1_000),
    bucketSeconds: first ? (Date.parse(first.to) - Date.parse(first.from)) / 1_000 : 0,
    values: summaries.map((one) => one?.value ?? null),
    marks: {
      band: {
        lower: summaries.map((one) => one?.interval?.low ?? null),
        upper: summaries.map((one) => one?.interval?.high ?? null),
      },
    },
  };
}
