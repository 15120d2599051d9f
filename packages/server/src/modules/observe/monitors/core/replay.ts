import type { MonitorPoint, Severity } from "@treadle/contract";
import { baselineOf, type SeriesBaseline } from "./baseline.ts";
import { evaluateSeries, type Plan } from "./evaluate-series.ts";
import type { Readings } from "./judge-burn.ts";
import { learnedFrom, type PastWindow } from "./past-window.ts";
import { isEmpty } from "./reading.ts";
import { newSeries } from "./series-state.ts";

export type ReplayWindow = { readonly end: number; readonly readings: Readings | null };
export type ReplayAlarm = {
  readonly from: string;
  readonly to: string | null;
  readonly severity: Severity;
  readonly peak: number | null;
};
export type Replayed = { readonly points: readonly MonitorPoint[]; readonly alarms: readonly ReplayAlarm[] };

type Options = {
  /** Windows before this time are only learned. */
  readonly from: number;
  /** How often the baseline is made again, in milliseconds. */
  readonly learnEveryMs: number;
  /** Whether totals are whole numbers of events. */
  readonly isCount: boolean;
};

/** What a monitor would have done with the past windows of a series, oldest first. The same steps as on the server. */
export function replay(plan: Plan, windows: Iterable<ReplayWindow>, options: Options): Replayed {
  const run = createReplay(plan, options);
  for (const window of windows) run.take(window);
  return run.replayed;
}

/** A replay window by window. */
export function createReplay(plan: Plan, options: Options) {
  const learner = createLearner(plan, options);
  const points: MonitorPoint[] = [];
  const alarms: ReplayAlarm[] = [];
  const replayed: Replayed = { points, alarms };
  let memory = newSeries(options.from);
  return {
    replayed,
    take({ end, readings }: ReplayWindow): void {
      if (end >= options.from) {
        const step = evaluateSeries(plan, memory, { end, readings, baseline: learner.baselineAt(end) });
        memory = step.memory;
        if (memory.point) points.push(memory.point);
        const { effect } = step;
        if (memory.isOpen || effect === "recover") noteAlarm(alarms, { memory, effect, end, plan });
      }
      learner.learn({ end, readings }, memory.isOpen);
    },
  };
}

type Note = {
  readonly memory: ReturnType<typeof newSeries>;
  readonly effect: "open" | "recover" | null;
  readonly end: number;
  readonly plan: Plan;
};

function noteAlarm(alarms: ReplayAlarm[], { memory, effect, end, plan }: Note): void {
  const at = new Date(end).toISOString();
  const value = memory.point?.value ?? null;
  const last = alarms.at(-1);
  if (last === undefined || last.to !== null) {
    alarms.push({ from: at, to: null, severity: memory.severity ?? "warning", peak: value });
    return;
  }
  const isDown =
    (plan.condition.kind === "threshold" && plan.condition.direction === "below") ||
    (plan.condition.kind === "change" && plan.condition.direction === "down");
  const peak =
    value === null || last.peak === null ? (last.peak ?? value) : (isDown ? Math.min : Math.max)(last.peak, value);
  alarms[alarms.length - 1] = {
    from: last.from,
    to: effect === "recover" ? at : null,
    severity: memory.severity ?? last.severity,
    peak,
  };
}

/** The baseline of a series that is learned on the way, from windows in which it did not fire. */
function createLearner(plan: Plan, { learnEveryMs, isCount }: Options) {
  const { condition, windowSeconds } = plan;
  const since = learnedFrom(plan);
  const past: PastWindow[] = [];
  let baseline: SeriesBaseline | null = null;
  let learnedAt = Number.NEGATIVE_INFINITY;
  return {
    baselineAt(end: number): SeriesBaseline | null {
      if (condition.kind !== "change") return null;
      if (end - learnedAt >= learnEveryMs || baseline === null) {
        baseline = baselineOf(past, { isSeasonal: condition.isSeasonal, isCount });
        if (baseline !== null) learnedAt = end;
      }
      return baseline;
    },
    learn({ end, readings }: ReplayWindow, isFiring: boolean): void {
      const reading = readings?.get(windowSeconds);
      if (end >= since && condition.kind === "change" && reading && !isEmpty(reading) && !isFiring)
        past.push({ end, reading });
    },
  };
}

/** At most `most` of the points: all with another state than the point before, and the others evenly. */
export function thinPoints(points: readonly MonitorPoint[], most: number): readonly MonitorPoint[] {
  if (points.length <= most) return points;
  const changes = points.filter((point, place) => point.state !== points[place - 1]?.state).length;
  const every = Math.ceil(points.length / Math.max(1, most - Math.min(changes, most / 2)));
  const thinned = points.filter((point, place) => place % every === 0 || point.state !== points[place - 1]?.state);
  return thinned.length <= most
    ? thinned
    : thinned.filter((_, place) => place % Math.ceil(thinned.length / most) === 0);
}
