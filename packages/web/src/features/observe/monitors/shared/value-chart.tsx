import type { MonitorInput } from "@treadle/contract";
import { useMemo } from "react";
import type { PlotMarks } from "../../../../components/chart/plot-marks.ts";
import { TimeChart } from "../../../../components/chart/time-chart.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { bandOf, evidenceOf, limitsOf, startsOf, thinPoints } from "./chart-values.ts";
import { evidenceText, lookOf, unitOfValues, valueLabel, valueText } from "./monitor-words.ts";
import type { MonitorPoint } from "./use-monitors.ts";

type ChartProps = {
  title: string;
  settings: Pick<MonitorInput, "source" | "condition" | "windowSeconds">;
  points: readonly MonitorPoint[];
  /** The times of alarms. */
  shades: NonNullable<PlotMarks["shades"]>;
  height: number;
  /** A drag chose this time. */
  onZoom: (from: Date, to: Date) => void;
  /** A click chose this window. */
  onOpen: (from: Date, to: Date) => void;
};

/** The value of a series over time, with its confidence interval, thresholds or expected value, and alarms. */
export function ValueChart({ title, settings, points, shades, height, onZoom, onOpen }: ChartProps) {
  const unit = unitOfValues(settings);
  const look = lookOf(unit);
  const drawing = useDrawing(settings, points, shades);
  const { shown, ...plot } = drawing;
  return (
    <TimeChart
      {...plot}
      title={title}
      bucketSeconds={settings.windowSeconds}
      format={look.format}
      formatTick={look.formatTick}
      isCount={look.isCount}
      height={height}
      note={plot.marks.band && <span>band: 95% interval</span>}
      footnote={(row) => footnoteOf(shown[row], unit)}
      onZoom={onZoom}
      onOpen={onOpen}
    />
  );
}

/** A drawing is made again only if its data change, because that loses the pointer. */
function useDrawing(
  { source, condition, windowSeconds }: ChartProps["settings"],
  points: readonly MonitorPoint[],
  shades: ChartProps["shades"],
) {
  const key = JSON.stringify([source, condition, windowSeconds, shades]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the settings and the alarms.
  return useMemo(() => drawingOf({ source, condition, windowSeconds }, points, shades), [points, key]);
}

function drawingOf(settings: ChartProps["settings"], points: ChartProps["points"], shades: ChartProps["shades"]) {
  const { condition, windowSeconds } = settings;
  const shown = thinPoints(points);
  const line = (label: string, color: string, values: readonly (number | null)[]) => ({
    label,
    color,
    kind: "line" as const,
    values,
  });
  const value = line(
    valueLabel(settings),
    "--series-1",
    shown.map((point) => point.value),
  );
  const expected = line(
    "Expected",
    "--series-3",
    shown.map((point) => point.expected),
  );
  const marks: PlotMarks = { ...bandOf(shown), limits: limitsOf(condition, unitOfValues(settings)), shades };
  return {
    shown,
    times: startsOf(shown, windowSeconds),
    series: condition.kind === "change" ? [value, expected] : [value],
    marks,
  };
}

/** How sure a value is. */
function footnoteOf(point: MonitorPoint | undefined, unit: string): string | undefined {
  if (!point) return undefined;
  const { lower, upper, n, evidence } = point;
  const interval =
    lower !== null && upper !== null ? `95% interval ${valueText(lower, unit)} to ${valueText(upper, unit)}` : "";
  const shown = evidence === null ? "" : `evidence ${evidenceText(evidence)}`;
  return [interval, `n = ${formatCount(n)}`, shown].filter(Boolean).join(", ");
}

type EvidenceProps = Pick<ChartProps, "points" | "height" | "onZoom" | "onOpen"> & { windowSeconds: number };

const FIRES = [{ label: "fires at 1", value: 0, color: "--bad" }];

/** The evidence of a change in powers of ten. The series fires at 1. */
export function EvidenceChart({ points, windowSeconds, ...rest }: EvidenceProps) {
  const drawing = useMemo(() => {
    const shown = thinPoints(points);
    return {
      times: startsOf(shown, windowSeconds),
      series: [{ label: "Evidence", color: "--series-2", kind: "line" as const, values: evidenceOf(shown) }],
      marks: { limits: FIRES },
    };
  }, [points, windowSeconds]);
  return (
    <TimeChart
      {...drawing}
      {...rest}
      title="Evidence of a change"
      bucketSeconds={windowSeconds}
      format={(power) => evidenceText(10 ** power)}
    />
  );
}
