import { useState } from "react";
import type { ChartData } from "../../../../components/chart/chart-data.ts";
import { ChartFrame } from "../../../../components/chart/chart-frame.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { formatDuration, formatMoney } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Run } from "../shared/use-experiments.ts";
import { type Frontier, useFrontier } from "../shared/use-runs.ts";
import { differenceWords, isTied, type Output } from "../shared/words.ts";
import { FrontierChart } from "./frontier-chart.tsx";

type ViewProps = { runs: readonly Run[]; scorer: string | undefined; margin?: number | undefined };
const AXES = ["cost", "time"] as const;
const AXIS_WORDS = { cost: "Cost", time: "Time" } as const;

/** Quality against cost or time: the Pareto front, and the cheapest run that is not worse than the best. */
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
        title={`${shown.name} and ${axis}`}
        legend={
          <>
            <Choice label="Compare with" names={AXES} words={AXIS_WORDS} chosen={axis} onChoose={setChosen} />
            <span>Bars are 95% intervals. The line joins the Pareto front.</span>
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

/** The conclusion in one sentence. */
function adviceFor(frontier: Frontier, output: Output): string {
  const { points, best, cheapest, margin } = frontier;
  const named = (runId: string | null) => points.find((point) => point.run.runId === runId);
  const [top, low] = [named(best), named(cheapest)];
  if (!top) return "No run has a score yet.";
  if (isTied(frontier)) {
    const tied = points.filter(({ quality }) => quality === top.quality).map(({ run }) => run.name);
    return `${tied.join(", ")} share the best score.`;
  }
  if (!low)
    return `${top.run.name} has the best score. The cost of the other runs is unknown, so there is no cheaper alternative.`;
  if (low === top)
    return `${top.run.name} has the best score. No cheaper run is within ${differenceWords(margin, output).replace("+", "")} of it.`;
  const saved =
    low.costUsd !== null && top.costUsd !== null && top.costUsd > 0
      ? `, at ${Math.round((low.costUsd / top.costUsd) * 100)}% of the cost`
      : "";
  return `${low.run.name} is the cheapest run that is at most ${differenceWords(margin, output).replace("+", "")} worse than ${top.run.name}${saved}.`;
}

const dataFor = ({ points }: Frontier, output: Output): ChartData => ({
  columns: [
    { label: "Run" },
    { label: "Score", format: (value) => formatValue(value, output) },
    { label: "Low", format: (value) => formatValue(value, output) },
    { label: "High", format: (value) => formatValue(value, output) },
    { label: "Items" },
    { label: "Cost per answer (USD)", format: formatMoney },
    { label: "Median time (ms)", format: formatDuration },
    { label: "On Pareto front" },
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
