import { systemApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Admin } from "./service.ts";

export const systemRoutes = (admin: Admin) =>
  mount(systemApi, {
    "GET /healthz": async () => ({ status: "ok" }),
    "GET /readyz": async ({ setStatus }) => {
      const readiness = await admin.readiness();
      if (!readiness.isReady) setStatus(503);
      return readiness;
    },
    "GET /api/v1/system": ({ scope }) => admin.report(scope),
  });
