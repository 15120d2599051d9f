import { issuesApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Issues } from "./service.ts";

export const issueRoutes = (issues: Issues) =>
  mount(issuesApi, {
    "GET /api/v1/issues": ({ scope, query }) => issues.list(scope, query),
    "GET /api/v1/issue-counts": ({ scope }) => issues.count(scope),
    "GET /api/v1/issue-settings": ({ scope }) => issues.getSettings(scope),
    "PUT /api/v1/issue-settings": ({ scope, body }) => issues.updateSettings(scope, body),
    "GET /api/v1/issues/:issueId": ({ scope, params }) => issues.get(scope, params.issueId),
    "PATCH /api/v1/issues/:issueId": ({ scope, params, body }) => issues.update(scope, params.issueId, body),
    "GET /api/v1/issues/:issueId/trend": ({ scope, params, query }) => issues.trend(scope, params.issueId, query),
    "GET /api/v1/issues/:issueId/occurrences": ({ scope, params, query }) =>
      issues.occurrences(scope, params.issueId, query),
    "POST /api/v1/issues/:issueId/merge": ({ scope, params, body }) =>
      issues.merge(scope, params.issueId, body.otherIssueId),
    "POST /api/v1/issues/:issueId/split": ({ scope, params, body }) =>
      issues.split(scope, params.issueId, body.fingerprints),
    "GET /api/v1/issues/:issueId/activities": ({ scope, params, query }) =>
      issues.activities(scope, params.issueId, query),
    "POST /api/v1/issues/:issueId/activities/:activityId/undo": ({ scope, params }) => issues.undo(scope, params),
    "GET /api/v1/issues/:issueId/comments": ({ scope, params, query }) =>
      issues.comments.list(scope, params.issueId, query),
    "POST /api/v1/issues/:issueId/comments": ({ scope, params, body }) =>
      issues.comments.create(scope, params.issueId, body.text),
    "PATCH /api/v1/issues/:issueId/comments/:commentId": ({ scope, params, body }) =>
      issues.comments.update(scope, params.issueId, { commentId: params.commentId, text: body.text }),
    "DELETE /api/v1/issues/:issueId/comments/:commentId": async ({ scope, params }) => {
      await issues.comments.delete(scope, params.issueId, params.commentId);
      return { ok: true as const };
    },
  });
