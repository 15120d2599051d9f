import { optimisationsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { OptimisationService } from "./service.ts";

export const optimisationRoutes = (optimisation: OptimisationService) =>
  mount(optimisationsApi, {
    "GET /api/v1/optimisations": ({ scope, query }) => optimisation.list(scope, query),
    "POST /api/v1/optimisations": ({ scope, body }) => optimisation.start(scope, body),
    "POST /api/v1/optimisations/estimate": ({ scope, body, signal }) => optimisation.estimate(scope, body, signal),
    "GET /api/v1/optimisations/:optimisationId": ({ scope, params }) => optimisation.get(scope, params.optimisationId),
    "POST /api/v1/optimisations/:optimisationId/cancel": ({ scope, params }) =>
      optimisation.cancel(scope, params.optimisationId),
    "POST /api/v1/optimisations/:optimisationId/resume": ({ scope, params }) =>
      optimisation.resume(scope, params.optimisationId),
    "POST /api/v1/optimisations/:optimisationId/save": ({ scope, params, body }) =>
      optimisation.save(scope, params.optimisationId, body.candidate),
  });
