import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export type Series = {
  label: string;
  /** A CSS variable, such as `--series-1`. */
  color: string;
  kind: "line" | "bars" | "area";
  values: readonly (number | null)[];
  /** The number over the whole time, shown beside the label. */
  summary?: string;
  /** Where it is drawn, when that is not at its values: on top of another one. */
  drawn?: readonly (number | null)[];
  /** A line that is only there to compare with, such as the time before. */
  isDashed?: boolean;
};

export type PlotProps = {
  /** The start of each bucket, in seconds. */
  times: readonly number[];
  /** How long a bucket is, in seconds. */
  bucketSeconds: number;
  series: readonly Series[];
  format: (value: number) => string;
  /** The same for the axis, where numbers are round; `format` when unset. */
  formatTick?: (value: number) => string;
  height: number;
  /** The values are counts: an axis between 0 and 1 would make no sense. */
  isCount?: boolean;
  /** One more line under the hovered numbers of a bucket. */
  footnote?: (row: number) => string | undefined;
  /** A drag chose this time. */
  onZoom: (from: Date, to: Date) => void;
  /** A click asked for what happened in this time. */
  onOpen: (from: Date, to: Date) => void;
};

type Hover = { row: number; left: number; width: number };

/** The drawing itself: a uPlot canvas that follows its box, the theme and the data. */
export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [hover, setHover] = useState<Hover>();
  const theme = useThemeName();
  const { times, series, height } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, so a new theme means a new drawing; callbacks come from `latest`.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(optionsOf(latest, { width: element.clientWidth, setHover }), dataOf(times, series), element);
    const stopSelecting = listen(plot, latest);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      stopSelecting();
      plot.destroy();
    };
  }, [times, series, height, theme]);
  return (
    <div className="relative px-2 pb-2">
      <div
        ref={box}
        style={{ height }}
        role="img"
        aria-label={summaryOf(props)}
        onPointerLeave={() => setHover(undefined)}
      />
      {hover && <Tooltip hover={hover} {...props} />}
    </div>
  );
}

const dataOf = (times: readonly number[], series: readonly Series[]): uPlot.AlignedData => [
  [...times],
  ...series.map(({ values, drawn = values }) => [...drawn]),
];

const summaryOf = ({ series }: PlotProps) =>
  series.map(({ label, summary }) => (summary ? `${label} ${summary}` : label)).join(", ");

/** The theme that is applied right now; charts are drawn again when it changes. */
function useThemeName() {
  return useSyncExternalStore(
    (changed) => {
      const observer = new MutationObserver(changed);
      observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
      return () => observer.disconnect();
    },
    () => document.documentElement.dataset.theme ?? "light",
  );
}

type Latest = { current: PlotProps };

const WHOLE_STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

function optionsOf(
  latest: Latest,
  { width, setHover }: { width: number; setHover: (hover: Hover | undefined) => void },
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--muted"), font: "11px 'Inter Variable'", ticks: { show: false } } as const;
  const { series, height, bucketSeconds, format, formatTick = format, isCount = false } = latest.current;
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: {
      y: false,
      sync: { key: "time" },
      drag: { x: true, y: false, setScale: false },
      // A bar is found by its place; a point on top of it says nothing more.
      points: { size: (_, index) => (series[index - 1]?.kind === "bars" ? 0 : 7) },
    },
    scales: {
      x: { range: (_, min, max) => [min, max + bucketSeconds] },
      y: { range: (_, min, max) => [Math.min(0, min * 1.08), max > 0 ? max * 1.08 : min < 0 ? 0 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 72, size: 38, ...timeLabels() },
      {
        ...axis,
        size: 56,
        space: 32,
        grid: { stroke: color("--line"), width: 1 },
        ...(isCount && { incrs: WHOLE_STEPS }),
        values: (_, ticks) => ticks.map(formatTick),
      },
    ],
    series: [{}, ...series.map((one) => seriesOf(one, color(one.color)))],
    hooks: {
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

function seriesOf({ label, kind, values, isDashed = false }: Series, color: string): uPlot.Series {
  const shared = {
    label,
    stroke: color,
    width: isDashed ? 1.2 : 1.5,
    spanGaps: false,
    ...(isDashed && { dash: [4, 4], alpha: 0.75 }),
  } as const;
  if (kind === "bars")
    return {
      ...shared,
      width: 0,
      fill: color,
      points: { show: false },
      paths: uPlot.paths.bars?.({ size: [0.72, 28], align: 1, radius: 0.12 }),
    };
  // A line needs two neighbours to be seen; a value between two gaps shows as a point.
  const lonely = values.flatMap((value, row) =>
    value !== null && values[row - 1] == null && values[row + 1] == null ? [row] : [],
  );
  const points = { show: true, filter: () => lonely, size: 5, fill: color, stroke: color };
  return kind === "area"
    ? { ...shared, points, fill: `color-mix(in srgb, ${color} 14%, transparent)` }
    : { ...shared, points };
}

/** A drag zooms, a click opens the bucket beneath. */
function listen(plot: uPlot, latest: Latest) {
  const timeAt = (left: number) => new Date(plot.posToVal(left, "x") * 1000);
  let wasDragged = false;
  const onUp = () => {
    const { left, width } = plot.select;
    wasDragged = width > 4;
    if (!wasDragged) return;
    latest.current.onZoom(timeAt(left), timeAt(left + width));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  };
  const onClick = () => {
    const time = latest.current.times[plot.cursor.idx ?? -1];
    if (wasDragged || time === undefined) return;
    latest.current.onOpen(new Date(time * 1000), new Date((time + latest.current.bucketSeconds) * 1000));
  };
  plot.over.addEventListener("mouseup", onUp);
  plot.over.addEventListener("click", onClick);
  return () => {
    plot.over.removeEventListener("mouseup", onUp);
    plot.over.removeEventListener("click", onClick);
  };
}

const start = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

function Tooltip({ hover, times, bucketSeconds, series, format, footnote }: { hover: Hover } & PlotProps) {
  const time = times[hover.row];
  if (time === undefined) return null;
  const isRight = hover.left > hover.width / 2;
  const note = footnote?.(hover.row);
  return (
    <div
      className="card pointer-events-none absolute top-1 z-10 border-line-strong px-2.5 py-1.5 text-xs shadow-md shadow-scrim/15"
      style={isRight ? { right: hover.width - hover.left + 24 } : { left: hover.left + 20 }}
    >
      <div className="mb-1 whitespace-nowrap text-muted">
        {start.formatRange(time * 1000, (time + bucketSeconds) * 1000)}
      </div>
      {series.map(({ label, color, values }) => (
        <div key={label} className="flex items-center gap-2 whitespace-nowrap">
          <span aria-hidden className="size-2 rounded-[2px]" style={{ background: `var(${color})` }} />
          <span className="grow">{label}</span>
          <span className="num font-medium">
            {values[hover.row] === null || values[hover.row] === undefined ? "no data" : format(values[hover.row] ?? 0)}
          </span>
        </div>
      ))}
      {note && <div className="mt-1 text-muted">{note}</div>}
    </div>
  );
}
