import type { Monitor, MonitorSeries, SeriesState } from "@treadle/contract";
import type { SeriesMemory } from "./core/series-state.ts";
import { isMuted } from "./run/commit.ts";
import type { MonitorWithState } from "./stores/monitor-store.ts";

/** The worst state first. */
const BY_URGENCY: readonly SeriesState[] = ["firing", "error", "recovering", "pending", "no-data", "ok"];
const urgencyOf = (state: Monitor["state"]): number => {
  const place = (BY_URGENCY as readonly string[]).indexOf(state);
  return place < 0 ? BY_URGENCY.length : place;
};

export function toMonitor({ row, state }: MonitorWithState, now: number): Monitor {
  const series = Object.values(state.series);
  const counts = Object.fromEntries(
    BY_URGENCY.map((name) => [name, series.filter((one) => one.state === name).length]),
  ) as Monitor["counts"];
  return {
    monitorId: row.id,
    name: row.name,
    ...row.config,
    isEnabled: row.isEnabled,
    mutedUntil: isMuted(row, now) ? (row.mutedUntil?.toISOString() ?? null) : null,
    state: stateOf({ row, state }, now),
    counts,
    isFlapping: series.some(({ flappingSince }) => flappingSince !== null),
    expectedFalseAlarms: state.expectedFalseAlarms,
    evaluatedAt: state.evaluatedAt?.toISOString() ?? null,
    lastError: state.lastError,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function stateOf({ row, state }: MonitorWithState, now: number): Monitor["state"] {
  if (!row.isEnabled) return "disabled";
  if (isMuted(row, now)) return "muted";
  const states = new Set(Object.values(state.series).map((series) => series.state));
  return BY_URGENCY.find((one) => states.has(one)) ?? "no-data";
}

/** The order of the list: the most urgent first, then by name. */
export const monitorKey = ({ state, name, monitorId }: Monitor): readonly [number, string] => [
  urgencyOf(state),
  `${name.toLowerCase()} ${monitorId}`,
];

export const toSeries = ([series, memory]: readonly [string, SeriesMemory]): MonitorSeries => ({
  series,
  state: memory.state,
  severity: memory.severity,
  since: new Date(memory.since).toISOString(),
  incidentId: memory.incidentId,
  last: memory.point,
});
export const seriesKey = ({ state, series }: MonitorSeries): readonly [number, string] => [urgencyOf(state), series];
