import { newSeries, type SeriesMap, type SeriesMemory } from "./series-state.ts";

/** The series of a monitor after evaluations with a clock that was ahead: open incidents stay, and all else begins at `now`. */
export const rewind = (series: SeriesMap, now: number): SeriesMap =>
  Object.fromEntries(Object.entries(series).map(([name, memory]) => [name, rewindOne(memory, now)]));

function rewindOne(memory: SeriesMemory, now: number): SeriesMemory {
  const fresh = {
    ...newSeries(now),
    end: now,
    storedAt: Math.min(memory.storedAt, now),
    dataAt: Math.min(memory.dataAt, now),
  };
  if (!memory.isOpen) return fresh;
  const { state, severity, incidentId, openedAt, since } = memory;
  return {
    ...fresh,
    state,
    severity,
    incidentId,
    isOpen: true,
    openedAt: Math.min(openedAt ?? now, now),
    since: Math.min(since, now),
  };
}
