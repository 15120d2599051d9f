import { traceItemsApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { LiveLinks } from "./live-links.ts";
import type { TraceItems } from "./service.ts";

type FromTraces = { readonly traceItems: TraceItems; readonly liveLinks: LiveLinks };

export const traceItemRoutes = ({ traceItems, liveLinks }: FromTraces) =>
  mount(traceItemsApi, {
    "POST /api/v1/datasets/:datasetId/trace-items/preview": ({ scope, params, body }) =>
      traceItems.preview(scope, params.datasetId, body),
    "POST /api/v1/datasets/:datasetId/trace-items": ({ scope, params, body }) =>
      traceItems.add(scope, params.datasetId, body),
    "GET /api/v1/datasets/:datasetId/live-links": ({ scope, params }) => liveLinks.list(scope, params.datasetId),
    "POST /api/v1/datasets/:datasetId/live-links": ({ scope, params, body }) =>
      liveLinks.create(scope, params.datasetId, body),
    "PATCH /api/v1/datasets/:datasetId/live-links/:liveLinkId": ({ scope, params, body }) =>
      liveLinks.update(scope, params.liveLinkId, body),
    "DELETE /api/v1/datasets/:datasetId/live-links/:liveLinkId": async ({ scope, params }) => {
      await liveLinks.delete(scope, params.datasetId, params.liveLinkId);
      return { ok: true as const };
    },
  });
