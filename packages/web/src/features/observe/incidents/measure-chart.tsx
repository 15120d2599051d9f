import { useNavigate } from "@tanstack/react-router";
import { SPAN_MEASURES } from "@treadle/contract";
import { useMemo } from "react";
import type { PlotMarks } from "../../../components/chart/plot-marks.ts";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { unitLook } from "../../../components/text/unit.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { useMeasureOverTime } from "./use-incidents.ts";

type ChartProps = { filter: string | null; measure: string; from: string; to: string };
const HEIGHT = 170;

/** The measure before, in and after the affected time range, which is shaded. */
export function MeasureChart({ filter, measure, from, to }: ChartProps) {
  const navigate = useNavigate();
  const metrics = useMeasureOverTime(filter, measure, { from, to });
  const { data } = metrics;
  const plot = usePlot(data, measure);
  const marks = useMemo(() => shadeOf(from, to), [from, to]);
  if (metrics.error && !data)
    return <ErrorState error={metrics.error} retry={() => metrics.refetch()} title="The chart could not be loaded" />;
  if (!plot) return <Skeleton className="h-50 w-full" />;
  const open = (start: Date, end: Date) =>
    void navigate({ to: "/traces", search: { ...(filter ? { filter } : {}), ...timeOf(start, end) } });
  return (
    <TimeChart
      {...plot}
      height={HEIGHT}
      marks={marks}
      note={<span className="text-muted">The affected time is shaded</span>}
      onZoom={open}
      onOpen={open}
    />
  );
}

const shadeOf = (from: string, to: string): PlotMarks => ({
  shades: [{ from: Date.parse(from) / 1000, to: Date.parse(to) / 1000, color: "--accent" }],
});

function usePlot(data: ReturnType<typeof useMeasureOverTime>["data"], measure: string) {
  return useMemo(() => {
    if (!data) return undefined;
    const { label, unit } = lookOf(measure);
    return {
      title: label,
      times: data.rows.map(({ group }) => Date.parse(group.time ?? "") / 1000),
      bucketSeconds: data.intervalSeconds ?? 60,
      series: [
        { label, color: "--series-1", kind: "line", values: data.rows.map(({ values }) => values[measure] ?? null) },
      ] as const,
      ...unit,
    };
  }, [data, measure]);
}

const isKnown = (name: string): name is keyof typeof SPAN_MEASURES => Object.hasOwn(SPAN_MEASURES, name);

function lookOf(measure: string) {
  const { label, unit } = isKnown(measure)
    ? SPAN_MEASURES[measure]
    : { label: measure.slice(measure.indexOf(".") + 1), unit: "score" };
  const { format, formatTick, isCount } = unitLook(unit);
  return { label, unit: { format, formatTick, isCount } };
}
