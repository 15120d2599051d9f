import type { Chart } from "@treadle/contract";
import type { ReactNode } from "react";
import { BarChart } from "../../../../components/chart/bar-chart.tsx";
import type { ChartData } from "../../../../components/chart/chart-data.ts";
import { HeatMap } from "../../../../components/chart/heat-map.tsx";
import { NumberTile } from "../../../../components/chart/number-tile.tsx";
import { TimeLegend, timeData } from "../../../../components/chart/time-chart.tsx";
import { Plot } from "../../../../components/chart/time-plot.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { unitLook } from "../../../../components/text/unit.ts";
import { groupLabel, hasBefore, linesOf, type Metrics, type MetricsRow } from "./chart-lines.ts";
import { GroupTable } from "./group-table.tsx";
import { heatOf } from "./heat-field.ts";
import { isStatistic, measureLabel, namesOf, unitOf, valueLabel } from "./measures.ts";
import { changeOf, type Part, write } from "./row-values.ts";
import type { Correction } from "./use-correction.ts";

export type DrawingProps = {
  chart: Chart;
  title: string;
  metrics: Metrics;
  trend: Metrics | undefined;
  /** Of a judged mean: what it is once the judge's errors are taken out. */
  correction?: Correction | undefined;
  onZoom: (from: Date, to: Date) => void;
  onOpen: (part: Part) => void;
};

/** What a chart puts into its card. */
export type Drawing = {
  legend?: ReactNode;
  keys?: readonly { label: string; color: string }[];
  data: ChartData;
  onOpenRow?: (row: number) => void;
  render: (height: number) => ReactNode;
};

/** How a kind of chart shows an answer. */
export function drawingOf(props: DrawingProps): Drawing {
  const { kind, query } = props.chart;
  switch (kind) {
    case "line":
      return drawLines(props, "line");
    case "bar":
      return query.dimensions.includes("time") ? drawLines(props, "bar") : drawBars(props);
    case "table":
      return drawTable(props);
    case "number":
      return drawNumber(props);
    case "heatmap":
      return drawHeat(props);
    default:
      return kind satisfies never;
  }
}

function drawLines({ metrics, onZoom, onOpen }: DrawingProps, kind: "line" | "bar"): Drawing {
  const lines = linesOf(metrics, kind);
  const [measure = "count"] = Object.keys(metrics.rows[0]?.values ?? {});
  const look = unitLook(unitOf(measure));
  const plot = { ...lines, format: look.format, formatTick: look.formatTick, isCount: look.isCount };
  const counts = lines.times.map((_, step) =>
    metrics.rows.reduce((sum, { n }, row) => (row % lines.times.length === step ? sum + n : sum), 0),
  );
  const open = (from: Date, to: Date) =>
    onOpen({ group: {}, measure, time: { from: from.toISOString(), to: to.toISOString() } });
  const openStep = (row: number) => {
    const start = (lines.times[row] ?? 0) * 1000;
    open(new Date(start), new Date(start + lines.bucketSeconds * 1000));
  };
  return {
    legend: (
      <TimeLegend
        series={lines.series}
        note={metrics.previousRows && !hasBefore(metrics.previousRows) && "no data in the previous period"}
      />
    ),
    keys: lines.series,
    data: timeData(plot),
    onOpenRow: openStep,
    render: (height) => (
      <Plot
        {...plot}
        height={height - 8}
        onZoom={onZoom}
        onOpen={open}
        footnote={(row) => (isStatistic(measure) ? `of ${counts[row] ?? 0} spans` : undefined)}
      />
    ),
  };
}

function drawBars({ chart, title, metrics, onOpen }: DrawingProps): Drawing {
  const [measure = "count", ...others] = measuresOf(metrics);
  const look = unitLook(unitOf(measure));
  const before = previousOf(metrics);
  const bars = metrics.rows.map((row) => ({
    id: keyOf(row),
    label: groupLabel(row.group, row.isOther),
    value: row.values[measure] ?? null,
    isRest: row.isOther,
    ...(metrics.previousRows && { before: before(row)?.values[measure] ?? null }),
    ...(others.length > 0 && { note: others.map((name) => `${measureLabel(name)} ${write(name, row)}`).join(", ") }),
  }));
  const open = (row: MetricsRow | undefined) => row && onOpen({ group: row.group, isOther: row.isOther, measure });
  return {
    legend: (chart.title !== "" || others.length > 0) && measureLabel(measure),
    data: tableData(metrics),
    onOpenRow: (row) => open(metrics.rows[row]),
    render: (height) => (
      <BarChart
        label={title}
        bars={bars}
        format={look.format}
        height={height}
        onOpen={(bar) => open(metrics.rows.find((row) => keyOf(row) === bar.id))}
      />
    ),
  };
}

function drawTable({ title, metrics, onOpen }: DrawingProps): Drawing {
  return {
    data: tableData(metrics),
    render: (height) => (
      <ScrollBox label={`${title}, table`} height={height}>
        <GroupTable title={title} metrics={metrics} previousOf={previousOf(metrics)} onOpen={onOpen} />
      </ScrollBox>
    ),
  };
}

function drawNumber({ title, metrics, trend, correction, onOpen }: DrawingProps): Drawing {
  const [measure = "count", ...others] = measuresOf(metrics);
  const [row] = metrics.rows;
  const [earlier] = metrics.previousRows ?? [];
  const look = unitLook(unitOf(measure));
  return {
    data: tableData(metrics),
    onOpenRow: () => onOpen({ group: {}, measure }),
    render: (height) => (
      <NumberTile
        value={row ? write(measure, row) : "–"}
        change={row && earlier ? changeOf(measure, earlier, row) : null}
        {...(earlier && { before: `${write(measure, earlier)} in the previous period` })}
        {...(isStatistic(measure) && row && { n: row.n })}
        others={[
          ...(correction ? [correction] : []),
          ...(row ? others.map((name) => ({ label: measureLabel(name), value: write(name, row) })) : []),
        ]}
        {...(trend && { trend: trend.rows.map(({ values }) => values[measure] ?? null) })}
        {...(look.name === "tokens" && !/token/i.test(title) && { unit: "tokens" })}
        height={height}
        onOpen={() => onOpen({ group: {}, measure })}
      />
    ),
  };
}

function drawHeat({ chart, title, metrics, onZoom, onOpen }: DrawingProps): Drawing {
  const [measure = "count"] = measuresOf(metrics);
  const field = heatOf(metrics);
  const stepMs = (metrics.intervalSeconds ?? 0) * 1000;
  const start = field.timeAt(0);
  const time = start ? { from: Date.parse(start), to: Date.parse(start) + field.columns.length * stepMs } : undefined;
  const zoom = (first: number, last: number) => {
    const [from, to] = [field.timeAt(first), field.timeAt(last)];
    if (from && to) onZoom(new Date(from), new Date(Math.min(Date.parse(to) + stepMs, Date.parse(metrics.to))));
  };
  return {
    legend: chart.title !== "" && `${measureLabel(measure)} by ${namesOf(field.dimensions)}`,
    data: tableData(metrics),
    onOpenRow: (row) => metrics.rows[row] && onOpen({ ...metrics.rows[row], measure }),
    render: (height) => (
      <HeatMap
        label={title}
        columns={field.columns}
        rows={field.rows}
        cells={field.cells}
        format={unitLook(unitOf(measure)).format}
        height={height}
        onOpen={({ x, y }) => onOpen({ group: field.groupAt(x, y), measure })}
        {...(time && { time, onZoom: zoom })}
      />
    ),
  };
}

const measuresOf = ({ columns }: Metrics) => columns.filter(({ role }) => role === "measure").map(({ name }) => name);

const keyOf = ({ group, isOther }: MetricsRow) => JSON.stringify([group, isOther]);

/** The row of the same group in the time before. */
function previousOf({ previousRows = [] }: Metrics) {
  const rows = new Map(previousRows.map((row) => [keyOf(row), row]));
  return (row: MetricsRow): MetricsRow | undefined => rows.get(keyOf(row));
}

/** The response row by row, with the previous period. */
function tableData(metrics: Metrics): ChartData {
  const { columns, rows, previousRows } = metrics;
  const before = previousOf(metrics);
  const measures = measuresOf(metrics);
  return {
    columns: [
      ...columns.map(({ name, label, role }) =>
        role === "measure" ? { label, format: unitLook(unitOf(name)).format } : { label },
      ),
      ...(previousRows ? measures : []).map((name) => ({
        label: `${measureLabel(name)}, previous`,
        format: unitLook(unitOf(name)).format,
      })),
    ],
    rows: rows.map((row) => [
      ...columns.map(({ name, role }) =>
        role === "measure"
          ? (row.values[name] ?? null)
          : row.isOther
            ? "other"
            : name === "time"
              ? (row.group[name] ?? "")
              : valueLabel(name, row.group[name] ?? ""),
      ),
      ...(previousRows ? measures : []).map((name) => before(row)?.values[name] ?? null),
    ]),
  };
}
