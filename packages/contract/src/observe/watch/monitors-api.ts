import { z } from "zod";
import { Done, PageQuery, pageOf, StoredTime } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  Monitor,
  MonitorPreview,
  MonitorSeries,
  MonitorSeriesPoint,
  MonitorSummary,
  MonitorTemplate,
  MonitorTransition,
} from "./monitor-results.ts";
import { MonitorInput, MonitorPatch, SERIES_STATES } from "./monitors.ts";

const params = z.object({ monitorId: z.string().max(100) });
const series = z.string().max(2_000).optional().describe("One series. All if omitted.");

export const monitorsApi = defineApi({
  "GET /api/v1/monitors": {
    name: "listMonitors",
    summary: "The monitors, firing ones first",
    permission: "monitors:read",
    query: PageQuery.extend({
      q: z.string().max(200).optional().describe("Text in the name."),
      state: z.enum([...SERIES_STATES, "muted", "disabled"]).optional(),
    }),
    response: pageOf(Monitor),
  },
  "GET /api/v1/monitor-summary": {
    name: "getMonitorSummary",
    summary: "How many monitors there are, and how many false alarms to expect from them",
    permission: "monitors:read",
    response: MonitorSummary,
  },
  "GET /api/v1/monitor-templates": {
    name: "listMonitorTemplates",
    summary: "Templates of monitors for common needs",
    permission: "monitors:read",
    response: pageOf(MonitorTemplate),
  },
  "POST /api/v1/monitor-previews": {
    name: "previewMonitor",
    summary: "Show where a monitor would have fired in the last 30 days, without storing it",
    permission: "monitors:read",
    body: MonitorInput,
    example: {
      name: "Error rate",
      source: { kind: "measure", measure: "errorRate", filter: "", groupBy: "endpoint" },
      condition: { kind: "threshold", critical: 0.05 },
    },
    response: MonitorPreview,
  },
  "POST /api/v1/monitors": {
    name: "createMonitor",
    summary: "Create a monitor",
    permission: "monitors:write",
    body: MonitorInput,
    example: {
      name: "Error rate",
      source: { kind: "measure", measure: "errorRate", filter: "", groupBy: "endpoint" },
      condition: { kind: "threshold", critical: 0.05 },
    },
    response: Monitor,
    status: 201,
  },
  "GET /api/v1/monitors/:monitorId": {
    name: "getMonitor",
    summary: "One monitor",
    permission: "monitors:read",
    params,
    response: Monitor,
  },
  "PATCH /api/v1/monitors/:monitorId": {
    name: "updateMonitor",
    summary: "Change, mute, enable or disable a monitor; a new source or condition starts its series again",
    permission: "monitors:write",
    params,
    body: MonitorPatch,
    response: Monitor,
  },
  "DELETE /api/v1/monitors/:monitorId": {
    name: "deleteMonitor",
    summary: "Delete a monitor; its incidents remain",
    permission: "monitors:write",
    params,
    response: Done,
  },
  "GET /api/v1/monitors/:monitorId/series": {
    name: "listMonitorSeries",
    summary: "The series of a monitor, firing ones first",
    permission: "monitors:read",
    params,
    query: PageQuery,
    response: pageOf(MonitorSeries),
  },
  "GET /api/v1/monitors/:monitorId/points": {
    name: "listMonitorPoints",
    summary: "The evaluations of one series or of all series, oldest first",
    permission: "monitors:read",
    params,
    query: PageQuery.extend({ series, from: StoredTime.optional(), to: StoredTime.optional() }),
    response: pageOf(MonitorSeriesPoint),
  },
  "GET /api/v1/monitors/:monitorId/transitions": {
    name: "listMonitorTransitions",
    summary: "The changes of state of a monitor's series, newest first",
    permission: "monitors:read",
    params,
    query: PageQuery.extend({ series }),
    response: pageOf(MonitorTransition),
  },
});
