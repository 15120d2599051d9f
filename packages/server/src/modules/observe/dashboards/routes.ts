import { dashboardsApi } from "@treadle/contract";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { DashboardServices } from "./service.ts";

const DONE = { ok: true } as const;

export const dashboardRoutes = ({ dashboards, views, comments }: DashboardServices) =>
  mount(dashboardsApi, {
    "GET /api/v1/dashboards": async ({ scope, query }) =>
      cutPage(await dashboards.list(scope), query, ({ name, dashboardId }) => [name, dashboardId]),
    "POST /api/v1/dashboards": ({ scope, body }) => dashboards.create(scope, body),
    "GET /api/v1/dashboard-templates": async () => wholeList(dashboards.templates()),
    "POST /api/v1/dashboards/import": ({ scope, body }) => dashboards.import(scope, body),
    "GET /api/v1/dashboards/:dashboardId": ({ scope, params }) => dashboards.get(scope, params.dashboardId),
    "PUT /api/v1/dashboards/:dashboardId": ({ scope, params, body }) =>
      dashboards.replace(scope, params.dashboardId, body),
    "DELETE /api/v1/dashboards/:dashboardId": async ({ scope, params }) => {
      await dashboards.delete(scope, params.dashboardId);
      return DONE;
    },
    "POST /api/v1/dashboards/:dashboardId/duplicate": ({ scope, params }) =>
      dashboards.duplicate(scope, params.dashboardId),
    "GET /api/v1/dashboards/:dashboardId/export": ({ scope, params }) => dashboards.export(scope, params.dashboardId),
    "GET /api/v1/views": async ({ scope, query }) =>
      cutPage(await views.list(scope, query.page), query, ({ name, viewId }) => [name, viewId]),
    "POST /api/v1/views": ({ scope, body }) => views.create(scope, body),
    "GET /api/v1/views/:viewId": ({ scope, params }) => views.get(scope, params.viewId),
    "PUT /api/v1/views/:viewId": ({ scope, params, body }) => views.replace(scope, params.viewId, body),
    "DELETE /api/v1/views/:viewId": async ({ scope, params }) => {
      await views.delete(scope, params.viewId);
      return DONE;
    },
    "GET /api/v1/comments": ({ scope, query }) => comments.list(scope, query),
    "GET /api/v1/comment-counts": ({ scope, query }) => comments.count(scope, query.traceIds),
    "POST /api/v1/comments": ({ scope, body }) => comments.create(scope, body),
    "PATCH /api/v1/comments/:commentId": ({ scope, params, body }) =>
      comments.update(scope, params.commentId, body.text),
    "DELETE /api/v1/comments/:commentId": async ({ scope, params }) => {
      await comments.delete(scope, params.commentId);
      return DONE;
    },
  });
