import { conversionJobsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { ModelConversions } from "./service.ts";

export const conversionRoutes = (conversions: ModelConversions) =>
  mount(conversionJobsApi, {
    "POST /api/v1/registry/models/:name/versions/:version/conversions": ({ scope, params, body }) =>
      conversions.start(scope, params, body),
  });
