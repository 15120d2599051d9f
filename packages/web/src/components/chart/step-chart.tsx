import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useThemeName } from "../browser/theme.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { alignLines, type StepLine, stepData, trimTick } from "./step-lines.ts";

type ChartProps = {
  title: string;
  lines: readonly StepLine[];
  format: (value: number) => string;
  height: number;
  /** The axis in powers of ten. */
  isLog?: boolean;
  /** Left out if there are too many lines to distinguish by labels. */
  hasLabels?: boolean;
  className?: string;
};

/** Curves over steps as a card: labels with the value under the pointer, drag to zoom, a table view and downloads. */
export function StepChart({
  title,
  lines,
  format,
  height,
  isLog = false,
  hasLabels = true,
  className = "",
}: ChartProps) {
  const hover = useRef<Hover>(() => undefined);
  const aligned = useMemo(() => alignLines(lines), [lines]);
  const isEmpty = aligned.steps.length === 0;
  const data = useMemo(() => (isEmpty ? undefined : stepData(lines, format)), [lines, isEmpty, format]);
  return (
    <ChartFrame
      title={title}
      keys={lines}
      data={data}
      height={height + 8}
      className={className}
      legend={<Legend lines={hasLabels ? lines : []} aligned={aligned} format={format} hover={hover} />}
    >
      {() =>
        isEmpty ? (
          <p className="flex h-full items-center justify-center px-4 pb-4 text-center text-muted">
            No measurements yet
          </p>
        ) : (
          <Canvas lines={lines} height={height} isLog={isLog} format={format} setRow={(row) => hover.current(row)} />
        )
      }
    </ChartFrame>
  );
}

type Hover = (row: number | undefined) => void;
type LegendProps = Pick<ChartProps, "lines" | "format"> & {
  aligned: ReturnType<typeof alignLines>;
  hover: RefObject<Hover>;
};

/**
 * The labels with the values under the pointer. Only it re-renders while the pointer moves over this chart or a chart
 * next to it.
 */
function Legend({ lines, aligned: { steps, values }, format, hover }: LegendProps) {
  const [row, setRow] = useState<number>();
  useEffect(() => {
    hover.current = setRow;
  }, [hover]);
  const at = row === undefined ? undefined : steps[row];
  const shownOf = (place: number) => {
    const line = values[place] ?? [];
    const value = row === undefined ? line.findLast((one) => one !== null) : line[row];
    return value === null || value === undefined ? "–" : format(value);
  };
  return (
    <>
      {lines.map(({ label, color }, place) => (
        <span key={label} className="inline-flex max-w-64 items-center gap-1.5 whitespace-nowrap">
          <span aria-hidden className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: `var(${color})` }} />
          <span className="truncate" title={label}>
            {label}
          </span>
          <span className="num text-text">{shownOf(place)}</span>
        </span>
      ))}
      {at !== undefined && <span className="num">step {at}</span>}
    </>
  );
}

type CanvasProps = Pick<ChartProps, "lines" | "height" | "format"> & {
  isLog: boolean;
  setRow: (row: number | undefined) => void;
};

function Canvas(props: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useThemeName();
  const { lines, height, isLog } = props;
  // Changes that require a new chart. New points alone are passed to the existing chart, so that a zoom stays.
  const shape = JSON.stringify([lines.map(({ label, color, isSparse }) => [label, color, isSparse]), height, isLog]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, so a new theme means a new drawing; the rest comes from `latest`.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(optionsOf(latest.current, element.clientWidth), dataOf(latest.current.lines), element);
    drawn.current = plot;
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      drawn.current = undefined;
    };
  }, [shape, theme]);
  useEffect(() => {
    const plot = drawn.current;
    if (!plot) return;
    const { min, max } = plot.scales.x ?? {};
    // A zoomed view stays zoomed.
    const isZoomed = min != null && (min > (plot.data[0][0] ?? min) || (max ?? 0) < (plot.data[0].at(-1) ?? 0));
    plot.setData(dataOf(lines), !isZoomed);
    if (isZoomed) plot.redraw();
  }, [lines]);
  return (
    <div className="px-2 pb-2">
      <div ref={box} style={{ height }} role="img" aria-label={lines.map(({ label }) => label).join(", ")} />
    </div>
  );
}

function dataOf(lines: readonly StepLine[]): uPlot.AlignedData {
  const { steps, values } = alignLines(lines);
  return [steps, ...values];
}

function optionsOf({ lines, height, isLog, format, setRow }: CanvasProps, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--muted"), font: "11px 'Inter Variable'", ticks: { show: false } } as const;
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: { y: false, sync: { key: "steps" }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: isLog ? { distr: 3 } : {} },
    axes: [
      { ...axis, grid: { show: false }, space: 64, size: 26 },
      {
        ...axis,
        size: 56,
        space: 32,
        grid: { stroke: color("--line"), width: 1 },
        values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : trimTick(format(tick)))),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, color: name, isSparse = false, points }): uPlot.Series => {
        const stroke = color(name);
        return {
          label,
          stroke,
          width: 1.5,
          spanGaps: true,
          points: { show: isSparse || points.length < 2, size: 5, fill: stroke, stroke },
        };
      }),
    ],
    hooks: {
      setCursor: [(plot) => setRow(plot.cursor.idx ?? undefined)],
    },
  };
}
