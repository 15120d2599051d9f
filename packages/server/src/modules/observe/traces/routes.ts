import { sessionsApi, tracesApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Traces } from "./service.ts";

export const traceRoutes = (traces: Traces) =>
  mount(tracesApi, {
    "POST /api/v1/spans": async ({ scope, body }) => ({ accepted: await traces.ingest(scope, body.spans) }),
    "GET /api/v1/spans": ({ scope, query }) => traces.list(scope, query),
    "GET /api/v1/spans/live": ({ scope, query, signal }) => traces.watch(scope, query, signal),
    "GET /api/v1/span-values": ({ scope, query }) => traces.values(scope, query),
    "GET /api/v1/traces": ({ scope, query }) => traces.listTraces(scope, query),
    "GET /api/v1/traces/:traceId": ({ scope, params }) => traces.get(scope, params.traceId),
    "DELETE /api/v1/traces/:traceId": async ({ scope, params }) => {
      await traces.deleteTrace(scope, params.traceId);
      return { ok: true as const };
    },
    "GET /api/v1/traces/:traceId/outline": ({ scope, params }) => traces.outline(scope, params.traceId),
    "GET /api/v1/traces/:traceId/spans/:spanId": ({ scope, params }) => traces.getSpan(scope, params),
    "GET /api/v1/trace-totals": ({ scope, query }) => traces.traceTotals(scope, query),
    "GET /api/v1/overview": ({ scope, query }) => traces.overview(scope, query),
    "GET /api/v1/undeliverable-batches": ({ scope, query }) => traces.listRefused(scope, query),
    "POST /api/v1/undeliverable-batches/:batchId/replay": ({ scope, params }) => traces.replay(scope, params.batchId),
    "DELETE /api/v1/undeliverable-batches/:batchId": ({ scope, params }) => traces.deleteRefused(scope, params.batchId),
  });

export const conversationRoutes = (traces: Traces) =>
  mount(sessionsApi, {
    "GET /api/v1/sessions": ({ scope, query }) => traces.listSessions(scope, query),
    "GET /api/v1/sessions/:sessionId": ({ scope, params, query }) => traces.getSession(scope, params.sessionId, query),
    "GET /api/v1/users": ({ scope, query }) => traces.listUsers(scope, query),
  });
