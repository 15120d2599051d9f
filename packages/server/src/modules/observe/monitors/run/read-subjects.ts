import { DAY_MS } from "../../../../kernel/day.ts";
import type { Reading } from "../core/reading.ts";
import { windowLengthsOf } from "../core/windows.ts";
import { NO_SUMS, type Sums } from "../reads/meters.ts";
import type { SeriesNames } from "../reads/series-names.ts";
import type { SpanSource } from "../reads/sums-sql.ts";
import type { WindowNeed, WindowRead } from "../reads/window-need.ts";
import type { WindowReader } from "../reads/window-reader.ts";
import type { MonitorDeps } from "./deps.ts";
import { measureOf, messageForPeople, meterFor, type ObservedResult, type Subject } from "./subject.ts";

type Deps = {
  readonly windows: WindowReader;
  readonly namesOf: SeriesNames;
  readonly log: MonitorDeps["log"];
};
type Prepared = { readonly subject: Subject; readonly source: SpanSource; readonly needs: readonly WindowNeed[] };

/** The groups of a subject: those with the most spans, and always those with an open incident. */
export function chooseNames({ state }: Pick<Subject, "state">, ranked: readonly string[], limit: number): string[] {
  const open = Object.entries(state.series).flatMap(([series, { isOpen }]) =>
    isOpen && series !== "other" ? [series] : [],
  );
  return [...new Set([...open, ...ranked])].slice(0, Math.max(limit, open.length)).sort();
}

/** Reads the windows of all subjects with a measure, with as few statements as possible. */
export function createMeasureReader(deps: Deps) {
  return async function readMeasures(
    projectId: string,
    subjects: readonly Subject[],
    signal: AbortSignal,
  ): Promise<Map<Subject, ObservedResult & object>> {
    const first = await readOnce(deps, { projectId, subjects, isFresh: false, signal });
    if (first.outdated.length === 0) return first.results;
    const second = await readOnce(deps, { projectId, subjects: first.outdated, isFresh: true, signal });
    return new Map([...first.results, ...second.results]);
  };
}

type Reads = {
  readonly projectId: string;
  readonly subjects: readonly Subject[];
  /** Whether groups are ranked again. */
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
};

async function readOnce({ windows, namesOf, log }: Deps, { projectId, subjects, ...look }: Reads) {
  const results = new Map<Subject, ObservedResult & object>();
  const prepared: Prepared[] = [];
  for (const subject of subjects) {
    try {
      prepared.push(await prepare(namesOf, subject, look));
    } catch (error) {
      look.signal.throwIfAborted();
      log.warn({ error, monitorId: subject.row.id }, "the series of a monitor were not read");
      results.set(subject, { error: messageForPeople(error) });
    }
  }
  const needs = prepared.flatMap((one) => one.needs);
  const read = await windows.read(projectId, needs, look.signal);
  for (const one of prepared) results.set(one.subject, observe(one, read, log));
  return { results, outdated: prepared.filter((one) => hasNewGroup(one, read)).map(({ subject }) => subject) };
}

/** Whether a group began after the last ranking, although there is room for its series. */
function hasNewGroup({ subject, source, needs }: Prepared, read: ReadonlyMap<WindowNeed, WindowRead>): boolean {
  const limit = measureOf(subject.row.config)?.seriesLimit ?? 0;
  if (source.groupBy === null || source.names.length >= limit) return false;
  // Scores can name spans that no ranking reads, and a group can be called `other`. Neither is a new group.
  if (source.score !== null || source.names.includes("other")) return false;
  // Groups are ranked by one day, so a longer window has groups that no ranking finds.
  const found = needs.filter(({ seconds }) => seconds * 1_000 <= DAY_MS).map((need) => read.get(need));
  return found.some((window) => window !== undefined && "series" in window && window.series.has("other"));
}

async function prepare(
  namesOf: SeriesNames,
  subject: Subject,
  { isFresh, signal }: Pick<Reads, "isFresh" | "signal">,
): Promise<Prepared> {
  const { row, plan, end } = subject;
  const measured = measureOf(row.config);
  if (measured === null) throw new Error("The monitor has no measure.");
  const { filter, groupBy, seriesLimit } = measured;
  const meter = meterFor(measured, plan);
  const look = { now: end, isFresh, signal };
  const ranked = groupBy === null ? [] : await namesOf(row.projectId, { filter, groupBy, limit: seriesLimit }, look);
  const source = { filter, groupBy, names: chooseNames(subject, ranked, seriesLimit), score: meter.score };
  const needs = windowLengthsOf(plan).map((seconds) => ({ source, meter, end, seconds }));
  return { subject, source, needs };
}

function observe(
  { subject, source, needs }: Prepared,
  read: ReadonlyMap<WindowNeed, WindowRead>,
  log: MonitorDeps["log"],
): ObservedResult & object {
  const found = needs.map((need) => ({ need, window: read.get(need) ?? { series: new Map<string, Sums>() } }));
  for (const { window } of found)
    if ("error" in window) {
      log.warn({ error: window.error, monitorId: subject.row.id }, "a monitor was not evaluated");
      return { error: messageForPeople(null) };
    }
  const series = new Map<string, Map<number, Reading>>();
  const known = Object.keys(subject.state.series);
  const all = new Set(source.groupBy === null ? [""] : [...found.flatMap(namesIn), ...known]);
  for (const name of all) series.set(name, new Map());
  for (const { need, window } of found)
    for (const [name, readings] of series) {
      const sums = "series" in window ? window.series.get(name) : undefined;
      readings.set(need.seconds, need.meter.toReading(sums ?? NO_SUMS));
    }
  return { series, names: source.groupBy === null ? null : source.names };
}

const namesIn = ({ window }: { readonly window: WindowRead }): string[] =>
  "series" in window ? [...window.series.keys()] : [];
