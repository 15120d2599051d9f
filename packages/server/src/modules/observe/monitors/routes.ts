import { monitorsApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Monitors } from "./service.ts";
import { MONITOR_TEMPLATES } from "./templates.ts";

export const monitorRoutes = (monitors: Monitors) =>
  mount(monitorsApi, {
    "GET /api/v1/monitors": ({ scope, query }) => monitors.list(scope, query),
    "GET /api/v1/monitor-summary": ({ scope }) => monitors.summarize(scope),
    "GET /api/v1/monitor-templates": async () => wholeList([...MONITOR_TEMPLATES]),
    "POST /api/v1/monitor-previews": ({ scope, body, signal }) => monitors.preview(scope, body, signal),
    "POST /api/v1/monitors": ({ scope, body, signal }) => monitors.create(scope, body, signal),
    "GET /api/v1/monitors/:monitorId": ({ scope, params }) => monitors.get(scope, params.monitorId),
    "PATCH /api/v1/monitors/:monitorId": ({ scope, params, body, signal }) =>
      monitors.update(scope, params.monitorId, { patch: body, signal }),
    "DELETE /api/v1/monitors/:monitorId": async ({ scope, params }) => {
      await monitors.delete(scope, params.monitorId);
      return { ok: true as const };
    },
    "GET /api/v1/monitors/:monitorId/series": ({ scope, params, query }) =>
      monitors.listSeries(scope, params.monitorId, query),
    "GET /api/v1/monitors/:monitorId/points": ({ scope, params, query }) =>
      monitors.listPoints(scope, params.monitorId, query),
    "GET /api/v1/monitors/:monitorId/transitions": ({ scope, params, query }) =>
      monitors.listTransitions(scope, params.monitorId, query),
  });
