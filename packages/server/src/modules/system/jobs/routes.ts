import { jobsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { JobsService } from "./service.ts";

export const jobRoutes = (jobs: JobsService) =>
  mount(jobsApi, {
    "GET /api/v1/jobs": ({ scope, query }) => jobs.list(scope, query),
    "GET /api/v1/jobs/live": ({ scope, query, signal }) => jobs.watch(scope, query, signal),
    "GET /api/v1/jobs/:jobId": ({ scope, params }) => jobs.get(scope, params.jobId),
    "POST /api/v1/jobs/:jobId/cancel": ({ scope, params }) => jobs.cancel(scope, params.jobId),
    "POST /api/v1/jobs/:jobId/retry": ({ scope, params }) => jobs.retry(scope, params.jobId),
  });
