import { pairwiseApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Judgings } from "./judgings-service.ts";

export const pairwiseRoutes = ({ judgings }: { readonly judgings: Judgings }) =>
  mount(pairwiseApi, {
    "GET /api/v1/pairwise-judgings": ({ scope, query }) => judgings.list(scope, query),
    "POST /api/v1/pairwise-judgings": ({ scope, body }) => judgings.start(scope, body),
    "POST /api/v1/pairwise-judgings/estimate": ({ scope, body }) => judgings.estimate(scope, body),
    "GET /api/v1/pairwise-judgings/:judgingId": ({ scope, params }) => judgings.get(scope, params.judgingId),
    "GET /api/v1/pairwise-judgings/:judgingId/verdicts": ({ scope, params, query }) =>
      judgings.listVerdicts(scope, params.judgingId, query),
    "POST /api/v1/pairwise-judgings/:judgingId/cancel": ({ scope, params }) => judgings.cancel(scope, params.judgingId),
    "POST /api/v1/pairwise-judgings/:judgingId/resume": ({ scope, params, body }) =>
      judgings.resume(scope, params.judgingId, body),
  });
