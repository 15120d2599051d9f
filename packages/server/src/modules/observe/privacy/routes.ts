import { privacyApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { PrivacyService } from "./service.ts";

export const privacyRoutes = (privacy: PrivacyService) =>
  mount(privacyApi, {
    "GET /api/v1/privacy": ({ scope }) => privacy.get(scope),
    "PUT /api/v1/privacy": ({ scope, body }) => privacy.save(scope, body),
  });
