import { DAY_MS } from "../../../../kernel/day.ts";
import type { SeriesBaseline } from "../core/baseline.ts";
import { evaluateSeries } from "../core/evaluate-series.ts";
import { newSeries, type SeriesMap, type SeriesMemory, type Step } from "../core/series-state.ts";
import type { Observed, Subject } from "./subject.ts";

/** What one evaluation of a monitor has led to. */
export type Outcome = {
  readonly subject: Subject;
  readonly steps: ReadonlyMap<string, Step>;
  /** Series that have disappeared. Those with an open incident have a step that closes it. */
  readonly removed: ReadonlySet<string>;
  readonly lastError: string;
};

/** A series without data for so long is removed. */
const REMOVED_MS = DAY_MS;

type Values = {
  readonly observed: Observed | { readonly error: string };
  readonly baselines: ReadonlyMap<string, SeriesBaseline | null>;
};

/** Evaluates all series of a monitor. Pure: nothing is stored here. */
export function evaluateSubject(subject: Subject, { observed, baselines }: Values): Outcome {
  const { state, plan, end } = subject;
  const memories = state.series;
  const steps = new Map<string, Step>();
  const removed = new Set<string>();
  for (const series of seriesOf(memories, observed)) {
    const memory = memories[series] ?? newSeries(end);
    if ("series" in observed && isGone(series, memory, { observed, end })) {
      removed.add(series);
      if (memory.isOpen) steps.set(series, closeGone(memory, end));
      continue;
    }
    const readings = "error" in observed ? null : (observed.series.get(series) ?? new Map());
    steps.set(series, evaluateSeries(plan, memory, { end, readings, baseline: baselines.get(series) ?? null }));
  }
  return { subject, steps, removed, lastError: "error" in observed ? observed.error : "" };
}

function seriesOf(memories: SeriesMap, observed: Values["observed"]): ReadonlySet<string> {
  const known = Object.keys(memories);
  const seen = "error" in observed ? [] : [...observed.series.keys()];
  const all = new Set([...seen, ...known]);
  return all.size > 0 ? all : new Set([""]);
}

type Sight = { readonly observed: Observed; readonly end: number };

/**
 * A group without data for a day, or one that has become a part of `other`. A monitor without groups has the series ``, which
 * never goes. A monitor with groups has it until the first group appears.
 */
function isGone(series: string, memory: SeriesMemory, { observed: { series: seen, names }, end }: Sight): boolean {
  if (memory.end === 0 || (series === "" && names === null)) return false;
  const isListed = series === "" || names === null || series === "other" || names.includes(series);
  if (!isListed && !memory.isOpen) return true;
  const readings = seen.get(series);
  const hasData =
    readings !== undefined && [...readings.values()].some((reading) => !("n" in reading) || reading.n > 0);
  if (hasData) return false;
  if (series === "" && !names?.includes("") && seen.size > 1 && !memory.isOpen) return true;
  return end - (memory.dataAt || memory.since) > REMOVED_MS;
}

function closeGone(memory: SeriesMemory, end: number): Step {
  const point = {
    at: new Date(end).toISOString(),
    value: null,
    n: 0,
    lower: null,
    upper: null,
    expected: null,
    evidence: null,
    state: "ok" as const,
  };
  return {
    memory: { ...memory, state: "ok", severity: null, since: end, end, isOpen: false, incidentId: null, point },
    transition: { from: memory.state, to: "ok", severity: memory.severity },
    effect: "recover",
    notices: [],
  };
}
