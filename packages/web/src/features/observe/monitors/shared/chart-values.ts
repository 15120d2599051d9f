import type { BurnWindows, MonitorCondition, Severity } from "@treadle/contract";
import type { PlotMarks } from "../../../../components/chart/plot-marks.ts";
import { SEVERITY_WORDS } from "../../../../components/text/severity.ts";
import { limitText } from "./monitor-words.ts";
import type { MonitorPoint } from "./use-monitors.ts";

/** More points than pixels are not visible. */
const MOST_DRAWN = 1_500;
/** Evidence outside of these powers of ten says no more, and flattens the chart. */
const EVIDENCE_ENDS = { least: -2, most: 4 } as const;
const SEVERITY_COLORS: Readonly<Record<Severity, string>> = { info: "--info", warning: "--warn", critical: "--bad" };

const seconds = (iso: string) => Date.parse(iso) / 1_000;

/**
 * Fewer points of the same course: the lowest and the highest value of each stretch. A gap stays only where a whole
 * stretch has no value.
 */
export function thinPoints(points: readonly MonitorPoint[], most = MOST_DRAWN): readonly MonitorPoint[] {
  if (points.length <= most) return points;
  const size = Math.ceil((2 * points.length) / most);
  const kept: MonitorPoint[] = [];
  for (let start = 0; start < points.length; start += size) {
    const stretch = points.slice(start, start + size);
    const ordered = stretch.filter(({ value }) => value !== null).toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
    const ends = new Set([ordered[0] ?? stretch[0], ordered.at(-1)]);
    kept.push(...stretch.filter((point) => ends.has(point)));
  }
  return kept;
}

/** The start of the window of each point, in seconds. */
export const startsOf = (points: readonly MonitorPoint[], windowSeconds: number): number[] =>
  points.map(({ at }) => seconds(at) - windowSeconds);

/** The confidence interval of each point, if any point has one. */
export const bandOf = (points: readonly MonitorPoint[]): Pick<PlotMarks, "band"> =>
  points.some(({ lower, upper }) => lower !== null && upper !== null)
    ? { band: { lower: points.map(({ lower }) => lower), upper: points.map(({ upper }) => upper) } }
    : {};

/** The thresholds as lines. */
export function limitsOf(condition: MonitorCondition, unit: string): NonNullable<PlotMarks["limits"]> {
  if (condition.kind === "burn") return burnLimits(condition.windows);
  if (condition.kind !== "threshold") return [];
  const { critical, warning, recovery } = condition;
  const line = (word: string, value: number | null, color: string) =>
    value === null ? [] : [{ label: `${word} ${limitText(value, unit)}`, value, color }];
  return [
    ...line("critical", critical, "--bad"),
    ...line("warning", warning, "--warn"),
    ...line("recovery", recovery, "--muted"),
  ];
}

/** The burn rates of all windows, each once. */
function burnLimits(windows: readonly BurnWindows[]): NonNullable<PlotMarks["limits"]> {
  const bySize = new Map(windows.map(({ burnRate, severity }) => [burnRate, severity]));
  return [...bySize].map(([burnRate, severity]) => ({
    label: `${SEVERITY_WORDS[severity].toLowerCase()} ${burnRate}×`,
    value: burnRate,
    color: SEVERITY_COLORS[severity],
  }));
}

export type Stretch = { readonly state: MonitorPoint["state"]; readonly from: number; readonly to: number };

type Timing = { readonly windowSeconds: number; readonly everySeconds: number };

/**
 * The course of the state in stretches, in seconds. A state is drawn at the start of its window, like the value that it
 * judges. It lasts until the next evaluation.
 */
export function stretchesOf(points: readonly MonitorPoint[], timing: Timing): readonly Stretch[] {
  const starts = startsOf(points, timing.windowSeconds);
  const stretches: Stretch[] = [];
  for (const [place, { state }] of points.entries()) {
    const from = starts[place] ?? 0;
    const to = starts[place + 1] ?? from + timing.everySeconds;
    const last = stretches.at(-1);
    if (last?.state === state) stretches.splice(-1, 1, { ...last, to });
    else stretches.push({ state, from, to });
  }
  return stretches;
}

/** The times in which a series fired. */
export const firingShades = (points: readonly MonitorPoint[], timing: Timing): NonNullable<PlotMarks["shades"]> =>
  stretchesOf(points, timing)
    .filter(({ state }) => state === "firing")
    .map(({ from, to }) => ({ from, to, color: "--bad" }));

type Alarm = { from: string; to: string | null; severity: Severity };

type Preview = { readonly end: string; readonly windowSeconds: number };

/** The alarms of a preview, drawn like the values. An alarm without an end lasts until the end of the preview. */
export const alarmShades = (
  alarms: readonly Alarm[],
  { end, windowSeconds }: Preview,
): NonNullable<PlotMarks["shades"]> =>
  alarms.map(({ from, to, severity }) => ({
    from: seconds(from) - windowSeconds,
    to: to === null ? seconds(end) : seconds(to) - windowSeconds,
    color: SEVERITY_COLORS[severity],
  }));

/** The evidence as powers of ten, cut where it says no more. */
export const evidenceOf = (points: readonly MonitorPoint[]): readonly (number | null)[] =>
  points.map(({ evidence }) =>
    evidence === null
      ? null
      : Math.min(EVIDENCE_ENDS.most, Math.max(EVIDENCE_ENDS.least, Math.log10(Math.max(evidence, Number.MIN_VALUE)))),
  );
