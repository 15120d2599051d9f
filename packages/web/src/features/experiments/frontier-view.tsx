import { useState } from "react";
import type { ChartData } from "../../components/chart-data.ts";
import { ChartFrame } from "../../components/chart-frame.tsx";
import { Choice } from "../../components/choice.tsx";
import { formatDuration, formatMoney } from "../../components/format.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { formatValue } from "../scorers/index.ts";
import { FrontierChart } from "./frontier-chart.tsx";
import type { Run } from "./use-experiments.ts";
import { type Frontier, useFrontier } from "./use-runs.ts";
import { differenceWords, type Output } from "./words.ts";

type ViewProps = { runs: readonly Run[]; scorer: string | undefined; margin?: number | undefined };
const AXES = ["cost", "time"] as const;
const AXIS_WORDS = { cost: "Cost", time: "Time" } as const;

/** Quality against what it costs: which runs no other beats, and the cheapest that is not worse than the best. */
export function FrontierView({ runs, scorer, margin }: ViewProps) {
  const shown = runs[0]?.scorers.find(({ key }) => key === scorer) ?? runs[0]?.scorers[0];
  const frontier = useFrontier({ runs: runs.map(({ runId }) => runId), scorer: shown?.key, margin });
  const [chosen, setChosen] = useState<(typeof AXES)[number]>();
  if (!shown || runs.length < 2) return null;
  if (frontier.error && !frontier.data)
    return (
      <ErrorState error={frontier.error} retry={() => frontier.refetch()} title="The frontier could not be computed" />
    );
  const { data } = frontier;
  if (!data) return <Skeleton className="h-72 rounded-card" />;
  const hasCost = data.points.some(({ costUsd }) => costUsd !== null && costUsd > 0);
  const axis = chosen ?? (hasCost ? "cost" : "time");
  return (
    <div className="flex flex-col gap-2">
      <ChartFrame
        title={`${shown.name} against ${axis}`}
        legend={
          <>
            <Choice label="Against" names={AXES} words={AXIS_WORDS} chosen={axis} onChoose={setChosen} />
            <span>whiskers are 95% intervals; the line joins runs that no other beats</span>
          </>
        }
        data={dataFor(data, shown.output)}
        height={280}
      >
        {(height) => <FrontierChart frontier={data} output={shown.output} axis={axis} height={height} />}
      </ChartFrame>
      <p>{adviceFor(data, shown.output)}</p>
    </div>
  );
}

/** What to take, in a sentence. */
function adviceFor({ points, best, cheapest, margin }: Frontier, output: Output): string {
  const named = (runId: string | null) => points.find((point) => point.run.runId === runId);
  const [top, low] = [named(best), named(cheapest)];
  if (!top) return "No run has a score yet.";
  if (!low)
    return `${top.run.name} has the best score. What the others cost is not known, so none can be called cheaper.`;
  if (low === top)
    return `${top.run.name} has the best score, and no cheaper run is shown to be within ${differenceWords(margin, output).replace("+", "")} of it.`;
  const saved =
    low.costUsd !== null && top.costUsd !== null && top.costUsd > 0
      ? `, at ${Math.round((low.costUsd / top.costUsd) * 100)}% of the cost`
      : "";
  return `${low.run.name} is the cheapest that is not worse than ${top.run.name} by more than ${differenceWords(margin, output).replace("+", "")}${saved}.`;
}

const dataFor = ({ points }: Frontier, output: Output): ChartData => ({
  columns: [
    { label: "Run" },
    { label: "Score", format: (value) => formatValue(value, output) },
    { label: "Low", format: (value) => formatValue(value, output) },
    { label: "High", format: (value) => formatValue(value, output) },
    { label: "Items" },
    { label: "US dollars an answer", format: formatMoney },
    { label: "Milliseconds, median", format: formatDuration },
    { label: "On the frontier" },
  ],
  rows: points.map(({ run, quality, interval, items, costUsd, latencyMs, isOnFrontier }) => [
    run.name,
    quality,
    interval?.low ?? null,
    interval?.high ?? null,
    items,
    costUsd,
    latencyMs,
    isOnFrontier ? "yes" : "no",
  ]),
});
