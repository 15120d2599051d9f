import type { ReactNode } from "react";
import type { ChartData } from "./chart-data.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { useHighlight } from "./chart-highlight.ts";
import { Plot, type PlotProps, type Series } from "./time-plot.tsx";

export type { Series } from "./time-plot.tsx";

type ChartProps = PlotProps & {
  title: string;
  note?: ReactNode;
  className?: string;
  menu?: ReactNode;
  handle?: ReactNode;
};

/** One chart over time as a card: labels with their colours, hover, drag to zoom, click to open, a table view and downloads. */
export function TimeChart({ title, note, className = "", menu, handle, ...plot }: ChartProps) {
  const { series, height, times, bucketSeconds } = plot;
  return (
    <ChartFrame
      title={title}
      legend={<TimeLegend series={series} note={note} />}
      keys={series}
      data={timeData(plot)}
      onOpenRow={(row) => {
        const time = times[row] ?? 0;
        plot.onOpen(new Date(time * 1000), new Date((time + bucketSeconds) * 1000));
      }}
      // The distance of the plot to the lower edge.
      height={height + 8}
      className={className}
      menu={menu}
      handle={handle}
    >
      {() => <Plot {...plot} />}
    </ChartFrame>
  );
}

/** What every line is, with its number over the whole time. Dashed lines are explained once for all. */
export function TimeLegend({ series, note }: { series: readonly Series[]; note?: ReactNode }) {
  return (
    <>
      {series.map((one) => (
        <LegendItem key={one.label} series={one} isOneOfMany={series.length > 1} />
      ))}
      {series.some(({ before }) => before) && (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <span aria-hidden className="w-4 border-muted border-t border-dashed" />
          previous period
        </span>
      )}
      {note}
    </>
  );
}

/** Lines over time as a table. */
export const timeData = ({ times, series, format }: Pick<PlotProps, "times" | "series" | "format">): ChartData => {
  const columns = series.flatMap(({ label, values, before }) => [
    { label, values },
    ...(before ? [{ label: `${label}, previous`, values: before }] : []),
  ]);
  return {
    columns: [{ label: "Time" }, ...columns.map(({ label }) => ({ label, format }))],
    rows: times.map((time, row) => [
      new Date(time * 1000).toISOString(),
      ...columns.map(({ values }) => values[row] ?? null),
    ]),
  };
};

/** Pointing at a label makes its line stand out. */
function LegendItem({ series, isOneOfMany }: { series: Series; isOneOfMany: boolean }) {
  const { point } = useHighlight();
  return (
    <span
      className="inline-flex max-w-64 items-center gap-1.5 whitespace-nowrap"
      onPointerEnter={() => isOneOfMany && point(series.label)}
      onPointerLeave={() => point(undefined)}
    >
      <span
        aria-hidden
        className={`shrink-0 ${series.kind === "bars" ? "size-2.5 rounded-[2px]" : "h-0.5 w-3 rounded-full"}`}
        style={{ background: `var(${series.color})` }}
      />
      <span className="truncate" title={series.label}>
        {series.label}
      </span>
      {series.summary !== undefined && <span className="num text-text">{series.summary}</span>}
    </span>
  );
}
