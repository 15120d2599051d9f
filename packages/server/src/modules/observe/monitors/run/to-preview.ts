import type { MonitorInput, MonitorPreview } from "@treadle/contract";
import { expectedFalseAlarms, type Traffic } from "../core/false-alarms.ts";
import { type Replayed, thinPoints } from "../core/replay.ts";

const SHOWN_SERIES = 10;
const MOST_POINTS = 500;

export type SeriesReplay = Replayed & {
  readonly series: string;
  readonly traffic: Traffic & { readonly events: number };
};

/** The series with alarms or the most traffic, with few enough points for a chart. */
export function toPreview(
  input: MonitorInput,
  replays: readonly SeriesReplay[],
  { from, to, notices }: { readonly from: number; readonly to: number; readonly notices: readonly string[] },
): MonitorPreview {
  const shown = replays
    .toSorted((one, other) => other.alarms.length - one.alarms.length || other.traffic.events - one.traffic.events)
    .slice(0, SHOWN_SERIES);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    series: shown.map(({ series, points, alarms }) => ({
      series,
      points: [...thinPoints(points, MOST_POINTS)],
      alarms: [...alarms],
    })),
    seriesCount: replays.length,
    alarmCount: replays.reduce((sum, { alarms }) => sum + alarms.length, 0),
    expectedFalseAlarms: expectedFalseAlarms(
      input,
      replays.map(({ traffic }) => traffic).filter(({ events }) => events > 0),
    ),
    notices: [...notices],
  };
}
