import uPlot from "uplot";
import { markHooks, reachOf } from "./plot-marks.ts";
import type { PlotProps, Series } from "./plot-series.ts";

export type Hover = { row: number; left: number; width: number };
type Look = { width: number; setHover: (hover: Hover | undefined) => void };
/** A line on the canvas: a series, or the series in the previous period. */
type Drawn = { of: Series; isBefore: boolean };

/** The series in drawing order: previous values are on top, because bars would hide them. */
export const drawnOf = (series: readonly Series[]): readonly Drawn[] => [
  ...series.map((of) => ({ of, isBefore: false })),
  ...series
    .filter(({ before, drawnBefore }) => before !== undefined && drawnBefore !== null)
    .map((of) => ({ of, isBefore: true })),
];

export const dataOf = ({ times, series }: Pick<PlotProps, "times" | "series">): uPlot.AlignedData => [
  [...times],
  ...drawnOf(series).map(({ of, isBefore }) => [...(isBefore ? pastOf(of) : (of.drawn ?? of.values))]),
];

const pastOf = ({ before = [], drawnBefore }: Series) => drawnBefore ?? before;

const WHOLE_STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
/** Room for one line of labels under the axis, and for two. */
const FEET = { one: 24, two: 38 } as const;

/** The uPlot options; colours are read from the current theme. */
export function optionsOf(props: PlotProps, { width, setHover }: Look): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--muted"), font: "11px 'Inter Variable'", ticks: { show: false } } as const;
  const { times, series, height, bucketSeconds, format, formatTick = format, isCount = false, marks } = props;
  const drawn = drawnOf(series);
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 26, 0, 0],
    cursor: {
      y: false,
      sync: { key: "time" },
      drag: { x: true, y: false, setScale: false },
      // A bar is found by its place; a point on top of it says nothing more.
      points: { size: (_, index) => (isBarAt(drawn[index - 1]) ? 0 : 7) },
    },
    scales: {
      x: { range: () => timeRangeOf(times, bucketSeconds) },
      y: { range: (_, min, max) => rangeOf(min, max, marks) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 72,
        size: (_, labels) => (labels?.some((label) => label?.includes("\n")) ? FEET.two : FEET.one),
        ...timeLabels(),
      },
      {
        ...axis,
        size: 56,
        space: 32,
        grid: { stroke: color("--line"), width: 1 },
        ...(isCount && { incrs: WHOLE_STEPS }),
        values: (_, ticks) => ticks.map(formatTick),
      },
    ],
    series: [{}, ...drawn.map((one) => (one.isBefore ? beforeOf(one.of, color) : seriesOf(one.of, color)))],
    hooks: {
      ...markHooks(marks && { marks, times: props.times, color }),
      setCursor: [
        (plot) => {
          const { idx: row, left = -1 } = plot.cursor;
          // Synchronised charts move their cursors too, but only the one under the pointer shows its numbers.
          const isHere = plot.root.matches(":hover");
          setHover(
            isHere && left >= 0 && row !== null && row !== undefined
              ? { row, left: left + plot.over.offsetLeft, width: plot.root.clientWidth }
              : undefined,
          );
        },
      ],
    },
  };
}

/** The ends of the axis of time, in seconds. A single value is in the middle of three buckets. */
export function timeRangeOf(times: readonly number[], bucketSeconds: number): [number, number] {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? first;
  return first === last ? [first - bucketSeconds, last + 2 * bucketSeconds] : [first, last + bucketSeconds];
}

/** The ends of the axis of values: from zero, with room above the highest value and mark. */
function rangeOf(min: number, max: number, marks: PlotProps["marks"]): [number, number] {
  const [lowest, highest] = marks ? reachOf(marks) : [0, 0];
  const [low, high] = [Math.min(min, lowest), Math.max(max, highest)];
  return [Math.min(0, low * 1.08), high > 0 ? high * 1.08 : low < 0 ? 0 : 1];
}

const isBarAt = (drawn: Drawn | undefined) => drawn?.of.kind === "bars";

/** uPlot's own incremental time labels, with a 24-hour clock: [increment, label, on a new year, …, on a new day]. */
function timeLabels(): Pick<uPlot.Axis, "values"> {
  const day = "{D} {MMM}";
  return {
    values: [
      [86_400 * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
      [86_400, day, null, null, null, null, null, null, 1],
      [60, "{HH}:{mm}", `\n${day}`, null, `\n${day}`, null, null, null, 1],
      [1, "{HH}:{mm}:{ss}", `\n${day}`, null, `\n${day}`, null, null, null, 1],
    ],
  };
}

function seriesOf({ label, kind, values, color: name }: Series, color: (name: string) => string): uPlot.Series {
  const stroke = color(name);
  const shared = { label, stroke, width: 1.5, spanGaps: false } as const;
  if (kind === "bars")
    return {
      ...shared,
      width: 0,
      fill: stroke,
      points: { show: false },
      paths: uPlot.paths.bars?.({ size: [0.72, 28], align: 1, radius: 0.12 }),
    };
  const points = lonelyPoints(values, stroke);
  return kind === "area"
    ? { ...shared, points, fill: `color-mix(in srgb, ${stroke} 14%, transparent)` }
    : { ...shared, points };
}

/** Over bars it is the outline of the earlier ones, since a line from middle to middle would not meet them. */
function beforeOf(series: Series, color: (name: string) => string): uPlot.Series {
  const { label, kind, color: name } = series;
  const isOverBars = kind === "bars";
  const stroke = isOverBars ? color("--text") : `color-mix(in srgb, ${color(name)} 70%, transparent)`;
  return {
    label: `${label}, previous`,
    stroke,
    width: 1.2,
    dash: [4, 4],
    spanGaps: false,
    ...(isOverBars
      ? { points: { show: false }, paths: uPlot.paths.stepped?.({ align: 1, extend: true }) }
      : { points: lonelyPoints(pastOf(series), stroke) }),
  };
}

/** A line needs two neighbours to be seen; a value between two gaps shows as a point. */
function lonelyPoints(values: readonly (number | null)[], color: string): uPlot.Series.Points {
  const lonely = values.flatMap((value, row) =>
    value !== null && values[row - 1] == null && values[row + 1] == null ? [row] : [],
  );
  return { show: true, filter: () => lonely, size: 5, fill: color, stroke: color };
}

/**
 * One of several lines stands out while its label is pointed at. Bars on one another cannot be seen through, so they
 * stay.
 */
export function highlight(plot: uPlot, series: readonly Series[], label: string | undefined): void {
  if (series.some(({ drawn }) => drawn !== undefined)) return;
  for (const [place, { of }] of drawnOf(series).entries()) {
    const one = plot.series[place + 1];
    if (one) one.alpha = label === undefined || of.label === label ? 1 : 0.15;
  }
  plot.redraw(false, false);
}
