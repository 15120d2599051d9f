import { boardsApi } from "@treadle/contract";
import { mount } from "../../platform/http/handlers.ts";
import type { Boards } from "./service.ts";

const DONE = { ok: true } as const;

export const boardRoutes = ({ dashboards, views, comments }: Boards) =>
  mount(boardsApi, {
    "GET /api/v1/dashboards": async ({ scope }) => ({ items: await dashboards.list(scope) }),
    "POST /api/v1/dashboards": ({ scope, body }) => dashboards.create(scope, body),
    "GET /api/v1/dashboard-templates": async () => ({ items: dashboards.templates() }),
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
    "GET /api/v1/views": async ({ scope, query }) => ({ items: await views.list(scope, query.page) }),
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
