import { z } from "zod";
import { Timestamp } from "../../pages.ts";
import { MonitorInput, SERIES_STATES, SeriesState, Severity } from "./monitors.ts";

/** One evaluation of a series: its value and how sure it is. */
export const MonitorPoint = z.object({
  at: Timestamp.describe("The end of the window."),
  value: z.number().nullable().describe("Null without data."),
  n: z.number().describe("The number of events of the window."),
  lower: z.number().nullable().describe("The ends of the 95 % confidence interval. Null if there is none."),
  upper: z.number().nullable(),
  expected: z.number().nullable().describe("Of a change: the value expected from the past."),
  evidence: z.number().nullable().describe("Of a change: the evidence so far. 1 or more fires."),
  state: SeriesState,
});
export type MonitorPoint = z.output<typeof MonitorPoint>;

/** A stored evaluation, with the series that it belongs to. */
export const MonitorSeriesPoint = MonitorPoint.extend({
  series: z.string().describe("The group's value. Empty if the monitor has one series."),
});
export type MonitorSeriesPoint = z.output<typeof MonitorSeriesPoint>;

export const MonitorSeries = z.object({
  series: z.string().describe("The group's value. Empty if the monitor has one series."),
  state: SeriesState,
  severity: Severity.nullable().describe("Of a firing or recovering series."),
  since: Timestamp,
  incidentId: z.string().nullable(),
  last: MonitorPoint.nullable(),
});
export type MonitorSeries = z.output<typeof MonitorSeries>;

export const Monitor = z.object({
  monitorId: z.string(),
  ...MonitorInput.shape,
  mutedUntil: Timestamp.nullable(),
  state: z.enum([...SERIES_STATES, "muted", "disabled"]).describe("The worst state of its series."),
  counts: z.record(SeriesState, z.number()).describe("The number of series in each state."),
  isFlapping: z
    .boolean()
    .describe("Changed state 6 times or more in an hour. Silent until it is stable for 30 minutes."),
  expectedFalseAlarms: z.number().nullable().describe("Per 30 days, over all series. Null if it is unknown."),
  evaluatedAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the last evaluation failed. Empty if it did not."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Monitor = z.output<typeof Monitor>;

/** One change of a series' state. */
export const MonitorTransition = z.object({
  transitionId: z.string(),
  series: z.string(),
  from: SeriesState,
  to: SeriesState,
  severity: Severity.nullable(),
  at: Timestamp.describe("The end of the window that caused it."),
  point: MonitorPoint,
  incidentId: z.string().nullable(),
  message: z.string(),
});
export type MonitorTransition = z.output<typeof MonitorTransition>;

/** Where a monitor would have fired. */
export const MonitorPreview = z.object({
  from: Timestamp,
  to: Timestamp,
  series: z.array(
    z.object({
      series: z.string(),
      points: z.array(MonitorPoint),
      alarms: z.array(
        z.object({ from: Timestamp, to: Timestamp.nullable(), severity: Severity, peak: z.number().nullable() }),
      ),
    }),
  ),
  seriesCount: z.number().describe("The number of series, of which the first 10 with alarms or traffic are returned."),
  alarmCount: z.number().describe("Over all series."),
  expectedFalseAlarms: z.number().nullable(),
  notices: z.array(z.string()).describe("What limits the preview, such as a burn rate that can never be exceeded."),
});
export type MonitorPreview = z.output<typeof MonitorPreview>;

export const MonitorTemplate = z.object({
  templateId: z.string(),
  name: z.string(),
  description: z.string(),
  input: MonitorInput,
});
export type MonitorTemplate = z.output<typeof MonitorTemplate>;

export const MonitorSummary = z.object({
  monitors: z.number(),
  firing: z.number().describe("The number of firing series."),
  expectedFalseAlarms: z.number().describe("Per 30 days, over all enabled monitors for which it is known."),
  unknown: z.number().describe("Enabled monitors whose false alarms are unknown."),
});
export type MonitorSummary = z.output<typeof MonitorSummary>;
