import { modelEvaluationsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { ModelEvaluations } from "./service.ts";

export const modelEvaluationRoutes = (evaluations: ModelEvaluations) =>
  mount(modelEvaluationsApi, {
    "GET /api/v1/required-evaluations": ({ scope }) => evaluations.list(scope),
    "POST /api/v1/required-evaluations": ({ scope, body }) => evaluations.add(scope, body),
    "DELETE /api/v1/required-evaluations/:requiredEvaluationId": ({ scope, params }) =>
      evaluations.remove(scope, params.requiredEvaluationId),
    "POST /api/v1/model-evaluations": ({ scope, body }) => evaluations.evaluate(scope, body),
  });
