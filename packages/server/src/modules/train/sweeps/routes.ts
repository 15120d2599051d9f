import { sweepsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { SweepService } from "./service.ts";

export const sweepRoutes = (sweeps: SweepService) =>
  mount(sweepsApi, {
    "GET /api/v1/sweeps": ({ scope, query }) => sweeps.list(scope, query),
    "POST /api/v1/sweeps": ({ scope, body }) => sweeps.start(scope, body),
    "GET /api/v1/sweeps/:sweepId": ({ scope, params }) => sweeps.get(scope, params.sweepId),
    "POST /api/v1/sweeps/:sweepId/cancel": ({ scope, params }) => sweeps.cancel(scope, params.sweepId),
    "POST /api/v1/sweeps/:sweepId/resume": ({ scope, params }) => sweeps.resume(scope, params.sweepId),
    "DELETE /api/v1/sweeps/:sweepId": ({ scope, params }) => sweeps.remove(scope, params.sweepId),
  });
