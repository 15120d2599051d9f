import { incidentCommentsApi, incidentEvidenceApi, incidentsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Incidents } from "./service.ts";

const DONE = { ok: true as const };

export const incidentRoutes = (incidents: Incidents) =>
  mount(incidentsApi, {
    "GET /api/v1/incidents": ({ scope, query }) => incidents.list(scope, query),
    "POST /api/v1/incidents": ({ scope, body }) => incidents.create(scope, body),
    "GET /api/v1/incidents/:incidentId": ({ scope, params }) => incidents.get(scope, params.incidentId),
    "PATCH /api/v1/incidents/:incidentId": ({ scope, params, body }) =>
      incidents.update(scope, params.incidentId, body),
    "POST /api/v1/incidents/:incidentId/acknowledge": ({ scope, params, body }) =>
      incidents.acknowledge(scope, params.incidentId, body.note),
    "POST /api/v1/incidents/:incidentId/resolve": ({ scope, params, body }) =>
      incidents.resolve(scope, params.incidentId, body.note),
    "POST /api/v1/incidents/:incidentId/reopen": ({ scope, params, body }) =>
      incidents.reopen(scope, params.incidentId, body.note),
    "GET /api/v1/incidents/:incidentId/events": ({ scope, params, query }) =>
      incidents.listEvents(scope, params.incidentId, query),
  });

export const incidentEvidenceRoutes = (incidents: Incidents) =>
  mount(incidentEvidenceApi, {
    "GET /api/v1/incidents/:incidentId/snapshots": ({ scope, params, query }) =>
      incidents.listSnapshots(scope, params.incidentId, query),
    "POST /api/v1/incidents/:incidentId/snapshots": ({ scope, params }) => incidents.collect(scope, params.incidentId),
    "GET /api/v1/incidents/:incidentId/snapshots/:snapshotId": ({ scope, params }) =>
      incidents.getSnapshot(scope, params.incidentId, params.snapshotId),
    "GET /api/v1/incidents/:incidentId/export": async ({ scope, params, sink }) => {
      const text = await incidents.export(scope, params.incidentId);
      sink.head(200, {
        "content-type": "text/markdown; charset=utf-8",
        "content-disposition": `attachment; filename="${params.incidentId}.md"`,
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox",
      });
      sink.write(text);
      sink.end();
    },
  });

export const incidentCommentRoutes = ({ comments }: Pick<Incidents, "comments">) =>
  mount(incidentCommentsApi, {
    "GET /api/v1/incidents/:incidentId/comments": ({ scope, params, query }) =>
      comments.list(scope, params.incidentId, query),
    "POST /api/v1/incidents/:incidentId/comments": ({ scope, params, body }) =>
      comments.create(scope, params.incidentId, body.text),
    "PATCH /api/v1/incident-comments/:commentId": ({ scope, params, body }) =>
      comments.update(scope, params.commentId, body.text),
    "DELETE /api/v1/incident-comments/:commentId": async ({ scope, params }) => {
      await comments.delete(scope, params.commentId);
      return DONE;
    },
  });
