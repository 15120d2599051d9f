import { computeTargetsApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { ComputeTargets } from "./service.ts";

export const computeTargetRoutes = (targets: ComputeTargets) =>
  mount(computeTargetsApi, {
    "GET /api/v1/compute-targets": async ({ scope }) => wholeList(await targets.list(scope)),
    "POST /api/v1/compute-targets": ({ scope, body }) => targets.create(scope, body),
    "GET /api/v1/compute-targets/:computeTargetId": ({ scope, params }) => targets.get(scope, params.computeTargetId),
    "PATCH /api/v1/compute-targets/:computeTargetId": ({ scope, params, body }) =>
      targets.update(scope, params.computeTargetId, body),
    "DELETE /api/v1/compute-targets/:computeTargetId": ({ scope, params }) =>
      targets.delete(scope, params.computeTargetId),
    "POST /api/v1/compute-targets/:computeTargetId/test": ({ scope, params, signal }) =>
      targets.test(scope, params.computeTargetId, signal),
  });
